# The node modules that the OpenAPI tests need: a linter, and a validator of
# answers against its schemas.

node_packages=(@stoplight/spectral-cli@6.16.3 ajv@8.20.0 ajv-formats@3.0.1)

# fetch_node_modules DIR: installs them below DIR, once.
fetch_node_modules()
(
	mkdir -p "$1" && cd "$1" || exit 1
	[ "$(cat .packages 2>/dev/null)" != "${node_packages[*]}" ] || exit 0
	printf '{ "private": true }\n' >package.json
	npm install --loglevel=error --no-audit --no-fund --no-package-lock \
	    --ignore-scripts --omit=dev --omit=optional "${node_packages[@]}" &&
	    printf '%s' "${node_packages[*]}" >.packages
)

# Installs Debian's node if there is no other.
need_node()
{
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		need_packages nodejs npm
	fi
}
