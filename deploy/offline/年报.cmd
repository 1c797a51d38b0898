@echo off
rem Double-click to work on the annual report. Its steps were tried in the cmd of Wine, not on Windows.
rem The same as the .sh file: sets up the environment from the folder wheels, without network, then opens the desk.
rem All is ASCII: cmd reads this file in whatever code page is set. What it says stands in the .txt file of the same name.
setlocal enableextensions disabledelayedexpansion
set "words=%~dpn0.txt"
set "portal="
if not "%~1"=="" set "portal=%~f1\."
chcp 65001 >nul
set PYTHONUTF8=1
rem Looking for Python must not fetch one from the network.
set PYTHON_MANAGER_AUTOMATIC_INSTALL=false
set PYLAUNCHER_ALLOW_INSTALL=
set PYLAUNCHER_ALWAYS_INSTALL=

rem cmd knows no folder of the network without a letter of its own.
set "said=1"
if "%~d0"=="\\" goto stopped
cd /d "%~dp0" || goto stopped

set "said=2"
if not exist requirements.txt goto stopped
set "wheel="
for %%w in (wheels\nianbao-*.whl) do set "wheel=%%~nxw"
if not defined wheel goto stopped

rem What the environment was made from is kept in it, the wheel last.
fc /b requirements.txt .venv\requirements.txt >nul 2>nul || goto install
fc /b "wheels\%wheel%" .venv\made_from >nul 2>nul || goto install
.venv\Scripts\python -P -c "import nianbao" >nul 2>nul && goto open

:install
set "said=3"
set "python="
for %%v in (3.11 3.12 3.13 3.14) do py -%%v -c "import venv, ensurepip" >nul 2>nul && set "python=py -%%v"
if not defined python python -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "python=python"
if not defined python goto stopped
set "said=6"
call :say
set "said=4"
if exist .venv rmdir /s /q .venv
if exist .venv goto stopped
%python% -m venv .venv || goto stopped
.venv\Scripts\python -m pip install -q --disable-pip-version-check --no-compile --no-index --find-links wheels --require-hashes -r requirements.txt || goto stopped
.venv\Scripts\python -m pip install -q --disable-pip-version-check --no-index --no-deps "wheels\%wheel%" || goto stopped
copy /y requirements.txt .venv\requirements.txt >nul || goto stopped
copy /y "wheels\%wheel%" .venv\made_from >nul || goto stopped

:open
set "said=5"
if defined portal (
  .venv\Scripts\python -P -m nianbao edit "%portal%" || goto stopped
) else (
  .venv\Scripts\python -P -m nianbao edit || goto stopped
)
exit /b 0

:stopped
call :say
pause
exit /b 1

:say
if not exist "%words%" echo [%said%]
if exist "%words%" for /f "usebackq tokens=1* delims=." %%a in ("%words%") do if "%%a"=="%said%" echo %%b
exit /b 0
