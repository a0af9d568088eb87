# Extracts the commands in README, so that contrib/check-install can run them as
# they are written. bash; the caller has set top and work.
#
# A place is a section or a numbered step, named by the beginning of its title.
# A block is a run of lines that are indented by four or more, after an empty
# line; the blocks of a place are counted from 1. NEWS is read as README's end.

# All lines of all blocks: place, number and line, separated by tabs.
readme_blocks()
{
	awk '
	/^(-+|=+)$/ { place = previous; n = 0 }
	/^[0-9]+\. / { place = $0; sub(/^[0-9]+\. /, "", place); n = 0 }
	/^    / && previous == "" { inside = match($0, /[^ ]/); n++ }
	!/^    / { inside = 0 }
	inside { print place "\t" n "\t" substr($0, inside) }
	{ previous = $0 }
	' "$top/README" "$top/NEWS"
}

# readme_block PLACE N: the lines of a block; fails if there is none.
readme_block()
{
	readme_blocks | awk -F '\t' -v place="$1" -v n="$2" '
	index($1, place) == 1 && $2 == n { print $3; found = 1 }
	END { exit !found }' ||
	    { say "README has no block $2 in \"$1\"" >&2; return 1; }
}

# Joins commands that continue over several lines.
join_lines()
{
	sed -e ':more' -e '/\\$/{N; s/ *\\\n */ /; b more' -e '}'
}

# The blocks from "Installing" on; those before it are for contrib/quickstart.
places_of_installing()
{
	readme_blocks | cut -f 1,2 | uniq | sed -n '/^Packages/,$p'
}
