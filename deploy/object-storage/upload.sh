#!/bin/sh
# 把 site 上传到兼容 S3 的对象存储。用法：deploy/object-storage/upload.sh s3://存储桶/路径 [aws 的其他参数，如 --endpoint-url 网址]
# 先传页面要用的文件，再传页面，最后删去多余的：上传到一半，读者看到的旧页面也完整。
set -eu
target=${1%/}
shift
cd "$(dirname "$0")/../../site"
test -f 404.html

put() { aws s3 cp . "$target/" --recursive --only-show-errors --exclude '*' "$@"; }

forever='public, max-age=31536000, immutable'
again='no-cache'
page='text/html; charset=utf-8'

# 文件名里带内容摘要的，可以一直缓存。
put --include '*.????????.min.js' --cache-control "$forever" --content-type 'text/javascript; charset=utf-8' "$@"
put --include '*.????????.min.css' --cache-control "$forever" --content-type 'text/css; charset=utf-8' "$@"
# 其余文件；类型由扩展名决定，猜不出的写明。
put --include '*' --exclude '*.html' --exclude '*.????????.min.js' --exclude '*.????????.min.css' --exclude '*.gz' \
  --exclude '*.json' --exclude '*.csv' --exclude '*.css' --exclude '*.parquet' --exclude '.*' --cache-control "$again" "$@"
put --include '*.json' --cache-control "$again" --content-type 'application/json; charset=utf-8' "$@"
put --include '*.csv' --cache-control "$again" --content-type 'text/csv; charset=utf-8' "$@"
put --include '*.css' --exclude '*.????????.min.css' --cache-control "$again" --content-type 'text/css; charset=utf-8' "$@"
put --include '*.parquet' --cache-control "$again" --content-type application/vnd.apache.parquet "$@"
# 页面，最后是首页。
put --include '*/*.html' --cache-control "$again" --content-type "$page" "$@"
put --include '*.html' --exclude '*/*.html' --cache-control "$again" --content-type "$page" "$@"
# 网站上已经没有的文件。
aws s3 sync . "$target/" --delete --size-only --only-show-errors --exclude '*.gz' --exclude '.*' "$@"
