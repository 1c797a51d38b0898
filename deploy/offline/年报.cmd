@echo off
rem 编制年报：双击运行。没有在 Windows 上试过。
rem The same as 年报.sh: sets up the environment from the folder wheels, without network, then opens the desk.
chcp 65001 >nul
setlocal
cd /d "%~dp0"
set PYTHONUTF8=1

if not exist requirements.txt goto missing
if not exist wheels\nianbao-*.whl goto missing
for %%w in (wheels\nianbao-*.whl) do set wheel=%%~nxw
if exist .venv\made_from (
  set /p place=<.venv\made_from
) else (
  set place=
)
if "%place%"=="%cd% %wheel%" fc /b requirements.txt .venv\requirements.txt >nul 2>nul && goto open

set python=
for %%v in (3.11 3.12 3.13 3.14) do py -%%v -c "import venv, ensurepip" >nul 2>nul && set python=py -%%v
if "%python%"=="" python -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set python=python
if "%python%"=="" goto nopython
echo 第一次打开，正在安装，大约要一两分钟，不需要上网……
if exist .venv rmdir /s /q .venv
%python% -m venv .venv || goto failed
.venv\Scripts\python -m pip install -q --disable-pip-version-check --no-compile --no-index --find-links wheels --require-hashes -r requirements.txt || goto failed
.venv\Scripts\python -m pip install -q --disable-pip-version-check --no-index --no-deps "wheels\%wheel%" || goto failed
copy /y requirements.txt .venv\requirements.txt >nul || goto failed
>.venv\made_from echo %cd% %wheel%

:open
if "%~1"=="" (
  .venv\Scripts\python -P -m nianbao edit 年报 || goto notopened
) else (
  .venv\Scripts\python -P -m nianbao edit "%~1" || goto notopened
)
exit /b 0

:missing
echo 这个文件夹里缺少 requirements.txt 或 wheels 里的安装包，不能安装；请照“离线”说明重新准备，整个文件夹一起拷过来。
goto end
:nopython
echo 这台机器上没有 Python 3.11 或更新的版本；请管理员安装以后再打开。
goto end
:failed
echo 没有装好，原因见上面；wheels 要在系统和 Python 版本都相同的机器上准备，磁盘要有 600 MB 空间。
goto end
:notopened
echo 没有打开，原因见上面。
:end
pause
exit /b 1
