# The commands that README has an administrator type, for contrib/check-install,
# which runs them as they are written there: a wrong line fails it. bash; the
# caller has set top, work, and what README leaves to its reader (see below).
#
# A place is a section or a numbered step, named by the beginning of its title.
# A block is a run of lines that are indented by four or more, after an empty
# line; the blocks of a place are counted from 1. NEWS is read as README's end.

# Every line of every block: place, number, line, with tabs between them.
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

# readme_block PLACE N: the lines of a block; fails where there is none.
readme_block()
{
	readme_blocks | awk -F '\t' -v place="$1" -v n="$2" '
	index($1, place) == 1 && $2 == n { print $3; found = 1 }
	END { exit !found }' ||
	    { say "README has no block $2 in \"$1\"" >&2; return 1; }
}

# Commands that go over several lines, as one.
join_lines()
{
	sed -e ':more' -e '/\\$/{N; s/ *\\\n */ /; b more' -e '}'
}

# The blocks from "Installing for good" on, which tell how to live with an
# installation; those before it are for contrib/quickstart.
places_of_installing()
{
	readme_blocks | cut -f 1,2 | uniq | sed -n '/^Packages/,$p'
}
