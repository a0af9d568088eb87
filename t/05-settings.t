#!/usr/bin/perl
# The commented configuration tells every setting with its default, and no
# other.

use strict;
use warnings;
use Test::More;

sub slurp {
    my ($path) = @_;
    open my $fh, '<', "$ENV{top_srcdir}/$path" or die "$path: $!";
    local $/;
    return scalar <$fh>;
}

# As the file tells them: section.name => default.
my (%told, %order, $section, $before);
for (split /\n/, slurp('etc/vitrine.conf.in')) {
    if (/^\[(\w+)\]$/) {
        $section = $1;
    } elsif (/^#(\w+) =(?: (.*))?$/) {
        fail("$section.$1 is told twice") if exists $told{"$section.$1"};
        $told{"$section.$1"} = $2 // '';
        push @{ $order{$section} }, $1;
    } elsif (!/^(# .*|#)?$/) {
        fail("a line that is neither prose nor a setting: $_");
    }
}

# As the programs know them.
my $def = slurp('src/base/settings.def') =~ s{/\*.*?\*/}{}gsr;
my %place = (LOCALSTATEDIR => '@localstatedir@', SYSCONFDIR => '@sysconfdir@',
    PKGDATADIR => '@pkgdatadir@', PKGLIBEXECDIR => '@pkglibexecdir@');
my $string = qr/"(?:\\.|[^"\\])*"/;
my (%known, %known_order);
while ($def =~ /\bS\((\w+),\s*(\w+),\s*(\w+),\s*((?:[A-Z]+\s*|$string\s*)+),
        \s*$string\s*\)/gx) {
    my ($s, $name, $type, $default) = ($1, $2, $3, $4);
    my $text = join '', map { /^"(.*)"$/s ? $1 : $place{$_} // die $_ }
        $default =~ /$string|[A-Z]+/g;
    $known{"$s.$name"} = $text;
    push @{ $known_order{$s} }, $name;
}
my $rows = () = $def =~ /^S\(/mg;

cmp_ok($rows, '>', 20, 'settings.def is read');
is(scalar keys %known, $rows, 'and every row of it');
is_deeply(\%told, \%known, 'etc/vitrine.conf tells every setting and default');
is_deeply(\%order, \%known_order, 'in the order of settings.def');

done_testing;
