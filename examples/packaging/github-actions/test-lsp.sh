#!/bin/sh
# Builds an LSP against ws2spi and tests it under Wine, for both word sizes, on a Debian 12
# or 13 machine that may have nothing yet (root or sudo installs what is missing). Run it in the
# top folder of the LSP's repository; everything goes into build/ and into ws2spi/build.
#
# WS2SPI names the folder with ws2spi's sources; WS2SPI_LOG=stderr says why the LSP does not start.
set -eu

ws2spi=$(cd "${WS2SPI:-ws2spi}" && pwd)
build=$PWD/build

sh "$ws2spi/tests/provision"
WINEPREFIX=$ws2spi/build/wine WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES

for triple in x86_64-w64-mingw32 i686-w64-mingw32; do
  toolchain="-DCMAKE_TOOLCHAIN_FILE=$ws2spi/toolchain-mingw.cmake -DWS2SPI_TRIPLE=$triple"
  # shellcheck disable=SC2086
  cmake -S "$ws2spi" -B "$build/ws2spi/$triple" -G Ninja $toolchain \
    -DWS2SPI_BUILD_TESTS=OFF -DWS2SPI_BUILD_EXAMPLES=OFF
  cmake --build "$build/ws2spi/$triple"
  cmake --install "$build/ws2spi/$triple" --prefix "$build/installed/$triple"

  # shellcheck disable=SC2086
  cmake -S . -B "$build/lsp/$triple" -G Ninja $toolchain \
    -DCMAKE_PREFIX_PATH="$build/installed/$triple" -DCMOCKA="$ws2spi/build/cmocka/$triple"
  cmake --build "$build/lsp/$triple"
  ctest --test-dir "$build/lsp/$triple" --output-on-failure --no-tests=error
done
