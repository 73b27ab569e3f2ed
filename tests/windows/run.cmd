@rem Starts the runner and keeps the window open. A script should start runner.exe instead: its exit
@rem code is 0 if all tests passed, 1 if one failed, 2 if it could not run them.
@"%~dp0runner.exe" %*
@pause
