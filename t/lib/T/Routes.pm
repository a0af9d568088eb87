package T::Routes;

# The route table, as the tests of contract and rights read it.

use strict;
use warnings;
use T::Site;

# Below what the paths of a row lie: the first is what it is called, the second
# an alias.
my %roots = (R => [ '' ], V1 => [ '/api/v1', '/api' ], API => [ '/api', '' ]);

# All rows in the table's order, each a hash of what R() takes; one of two paths
# is two, the second of which names the first as its "alias".
sub rows {
    my $text = T::Site::slurp(T::Site::source('src/api/routes.def'));
    my @rows;

    $text =~ s{/\*.*?\*/}{}gs;
    for (split /\n/, $text) {
        next if !/\S/;
        my ($kind, $args) = /^(\w+)\((.*)\)$/ or die "no route: $_\n";
        my $roots = $roots{$kind} // die "no route: $_\n";
        my %row;
        @row{qw(method pattern credentials scope dialect body flags handler)}
            = split /\s*,\s*/, $args =~ tr/"//dr;
        $row{body} = $1 * 1024 if $row{body} =~ /^KB\((\d+)\)$/;
        $row{long} = $row{flags} =~ /\bLONG\b/ ? 1 : 0;
        for my $root (@$roots) {
            my %this = (%row, pattern => $root . $row{pattern});
            $this{name} = "$this{method} $this{pattern}";
            $this{alias} = "$roots->[0]$row{pattern}" if $root ne $roots->[0];
            push @rows, \%this;
        }
    }
    return @rows;
}

1;
