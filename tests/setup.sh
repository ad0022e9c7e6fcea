#!/bin/sh
# Programs that the tests need in addition to Python packages: ffmpeg to measure loudness, Chromium for the pages, Node for
# podcast-partytime (the Podcast Index's parser) and feedsmith, sshd and nginx as hosts of a show, gPodder and newsboat as
# podcast apps. Installs what is missing with apt if it runs as root, otherwise lists it.
set -eu
need=""
command -v ffmpeg >/dev/null || need="$need ffmpeg"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || need="$need chromium"
command -v node >/dev/null || need="$need nodejs"
command -v npm >/dev/null || need="$need npm"
[ -x /usr/sbin/sshd ] || need="$need openssh-server"
[ -x /usr/sbin/nginx ] || need="$need nginx-light"
command -v gpo >/dev/null || need="$need gpodder"
command -v newsboat >/dev/null || need="$need newsboat"
[ -z "$need" ] && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -q
    # shellcheck disable=SC2086 # a list of names
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $need
else
    echo "error: the tests need:$need; install them with your system's package manager" >&2
    exit 1
fi
