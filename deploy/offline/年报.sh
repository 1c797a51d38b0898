#!/bin/sh
# 编制年报：双击 年报.desktop，或在终端里运行 sh 年报.sh。
# The first time, and after the folder was moved or renewed, it sets up the environment from the folder wheels,
# without any network; then it opens the desk of the portal in the folder 年报, or of the one named as an argument.

cd -- "$(dirname -- "$0")" || exit 1

# Tell in the terminal, and in a window where there is no terminal to look at.
tell() {
  printf '%s\n' "$1"
  [ -t 1 ] && return
  zenity --info --no-markup --width=480 --text="$1" 2>/dev/null || kdialog --msgbox "$1" 2>/dev/null ||
    xmessage -center "$1" 2>/dev/null
}

# Tell what is missing, keep the window of the terminal open, and end.
stop() {
  tell "$1"
  if [ -t 0 ] && [ -t 1 ]; then
    printf '按回车键关闭。'
    read -r _
  fi
  exit 1
}

python() {
  for name in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$name"
      return
    fi
  done
}

# What the environment was made from, and where: it does not work anywhere else.
made_from() {
  pwd
  cksum requirements.txt wheels/nianbao-*.whl
}

[ -f requirements.txt ] && ls wheels/nianbao-*.whl >/dev/null 2>&1 ||
  stop "这个文件夹里缺少 requirements.txt 或 wheels 里的安装包，不能安装；请照“离线”说明重新准备，整个文件夹一起拷过来。"

# Somebody who double-clicks again while it is set up waits for that, and does not begin anew in the midst of it.
if command -v flock >/dev/null && touch .lock 2>/dev/null; then
  exec 9>.lock
  flock -n 9 || {
    printf '另一个窗口正在安装，请稍等……\n'
    flock 9
  }
fi
if [ "$(made_from)" != "$(cat .venv/made_from 2>/dev/null)" ]; then
  found=$(python)
  [ -n "$found" ] ||
    stop "这台机器上没有 Python 3.11 或更新的版本（或者缺少它的 venv）；请管理员安装 python3 和 python3-venv 以后再打开。"
  printf '第一次打开，正在安装，大约要一两分钟，不需要上网……\n'
  rm -rf .venv
  "$found" -m venv .venv &&
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-compile --no-index --find-links wheels \
      --require-hashes -r requirements.txt &&
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-index --no-deps wheels/nianbao-*.whl &&
    made_from >.venv/made_from ||
    stop "没有装好，原因见上面；wheels 要在系统和 Python 版本都相同的机器上准备，磁盘要有 600 MB 空间。"
fi
exec 9>&-

.venv/bin/python -P -m nianbao edit "${1:-年报}" || stop "没有打开，原因见上面。"
