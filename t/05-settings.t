#!/usr/bin/perl
# The commented configuration has every setting with its default, and no other;
# every setting has a check of its values that goes with its type.

use strict;
use warnings;
use Test::More;

sub slurp {
    my ($path) = @_;
    open my $fh, '<', "$ENV{top_srcdir}/$path" or die "$path: $!";
    local $/;
    return scalar <$fh>;
}

# As in the file: section.name => default, and the comments above.
my (%told, %order, %comment, $section, $before);
for (split /\n/, slurp('etc/vitrine.conf.in')) {
    if (/^\[(\w+)\]$/) {
        $section = $1;
    } elsif (/^#(\w+) =(?: (.*))?$/) {
        fail("$section.$1 is documented twice") if exists $told{"$section.$1"};
        $told{"$section.$1"} = $2 // '';
        $comment{"$section.$1"} = $before;
        push @{ $order{$section} }, $1;
    } elsif (!/^(# .*|#)?$/) {
        fail("a line that is neither prose nor a setting: $_");
    }
    # Several settings may share a comment; an empty line ends it.
    $before = /^# / ? ($before // '') . " $_" : /^$/ ? '' : $before;
}

# As the programs know them.
my $def = slurp('src/base/settings.def') =~ s{/\*.*?\*/}{}gsr;
my %place = (LOCALSTATEDIR => '@localstatedir@', SYSCONFDIR => '@sysconfdir@',
    PKGDATADIR => '@pkgdatadir@', PKGLIBEXECDIR => '@pkglibexecdir@');
my $string = qr/"(?:\\.|[^"\\])*"/;
my (%known, %known_order, @unchecked, @unnamed);
while ($def =~ /\bS\((\w+),\s*(\w+),\s*(\w+),\s*((?:[A-Z]+\s*|$string\s*)+),
        \s*(ANY|[A-Z]+\([^()]*\)),\s*$string\s*\)/gx) {
    my ($s, $name, $type, $default, $check) = ($1, $2, $3, $4, $5);
    my $want = $type eq 'TEXT' ? qr/^(LIKE\(|ANY$)/ : $type eq 'WORD'
        ? qr/^WORDS\(/ : $type eq 'FLAG' ? qr/^ANY$/ : qr/^RANGE\(/;
    push @unchecked, "$s.$name: $type with $check" if $check !~ $want;
    push @unnamed, map { "$s.$name: $_" } grep {
        ($comment{"$s.$name"} // '') !~ /(?<![\w-])\Q$_\E(?![\w-])/ }
        $check =~ /"([^"]*)"/g if $type eq 'WORD';
    my $text = join '', map { /^"(.*)"$/s ? $1 : $place{$_} // die $_ }
        $default =~ /$string|[A-Z]+/g;
    $known{"$s.$name"} = $text;
    push @{ $known_order{$s} }, $name;
}
my $rows = () = $def =~ /^S\(/mg;

cmp_ok($rows, '>', 20, 'settings.def is read');
is(scalar keys %known, $rows, 'and every row of it');
is_deeply(\%told, \%known, 'etc/vitrine.conf has every setting and its default');
is_deeply(\%order, \%known_order, 'in the order of settings.def');
is(join("\n", @unchecked), '', 'every value is checked as its type asks');
is(join("\n", @unnamed), '', 'every word that is allowed is in the comment');

done_testing;
