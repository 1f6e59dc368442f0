#!/bin/sh
# Chromium for the browser tests, from the distribution. Without the rights to install, those tests skip and say so.
set -u
say() { echo "browser tests: $*"; }

command -v apt-get >/dev/null || { say "no apt-get here; install Chromium yourself, or they are skipped"; exit 0; }
if [ "$(id -u)" = 0 ]; then as_root=""
elif sudo -n true 2>/dev/null; then as_root="sudo"
else say "no right to install Chromium; they are skipped"; exit 0
fi
say "installing Chromium"
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null ||
    say "Chromium could not be installed; they are skipped"
exit 0
