# shellcheck shell=sh
# Where this machine gets its packages; read by tests/provision and tests/on.

# The address from which apt fetches the main component of the suite $1; nothing if it
# fetches none.
archive_of_suite() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v suite="$1" '$1 == suite && $2 == "main" { print $3; exit }'
}
