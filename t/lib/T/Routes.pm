package T::Routes;

# The route table, as the tests of contract and rights read it.

use strict;
use warnings;
use T::Site;

# All rows in the table's order, each a hash of what R() takes; a V1 row is
# two, the second of which names the first as its "alias".
sub rows {
    my $text = T::Site::slurp(T::Site::source('src/api/routes.def'));
    my @rows;

    $text =~ s{/\*.*?\*/}{}gs;
    for (split /\n/, $text) {
        next if !/\S/;
        my ($kind, $args) = /^(R|V1)\((.*)\)$/ or die "no route: $_\n";
        my %row;
        @row{qw(method pattern credentials scope dialect body flags handler)}
            = split /\s*,\s*/, $args =~ tr/"//dr;
        $row{body} = $1 * 1024 if $row{body} =~ /^KB\((\d+)\)$/;
        $row{long} = $row{flags} =~ /\bLONG\b/ ? 1 : 0;
        for my $root ($kind eq 'R' ? ('') : ('/api/v1', '/api')) {
            my %this = (%row, pattern => $root . $row{pattern});
            $this{name} = "$this{method} $this{pattern}";
            $this{alias} = "/api/v1$row{pattern}" if $root eq '/api';
            push @rows, \%this;
        }
    }
    return @rows;
}

1;
