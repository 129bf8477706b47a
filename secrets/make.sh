#!/bin/sh
# Makes the secret files of docker-compose.yml beside this script, from the example, with fresh secrets. What is there
# already stays as it is.
set -eu
cd "$(dirname "$0")"

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

for file in postgres-password ordergrains.json; do
  if [ -e "$file" ]; then
    echo "There is a $file already: move it away first." >&2
    exit 1
  fi
done

# Each container reads its files as a user of its own; the folder keeps everybody else out.
chmod 700 .
umask 022
password=$(random)
printf %s "$password" > postgres-password
sed -e "s/<database password>/$password/" -e "s/<admin key>/$(random)/" -e "s/<shop secret>/$(random)/" \
    -e "s/<east events>/$(random)/" -e "s/<west events>/$(random)/" \
    -e "s/<east requests>/$(random)/" -e "s/<west requests>/$(random)/" \
    ordergrains.example.json > ordergrains.json
