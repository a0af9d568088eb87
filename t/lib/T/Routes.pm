package T::Routes;

# The route table, as the tests of contract and rights read it.

use strict;
use warnings;
use T::Site;

# All rows in the table's order, each a hash of what R() takes; a V1 or API row
# is two, the second of which names the first as its "alias".
sub rows {
    my $text = T::Site::slurp(T::Site::source('src/api/routes.def'));
    my @rows;

    $text =~ s{/\*.*?\*/}{}gs;
    for (split /\n/, $text) {
        next if !/\S/;
        my ($kind, $args) = /^(R|V1|API)\((.*)\)$/ or die "no route: $_\n";
        my %row;
        @row{qw(method pattern credentials scope dialect body flags handler)}
            = split /\s*,\s*/, $args =~ tr/"//dr;
        $row{body} = $1 * 1024 if $row{body} =~ /^KB\((\d+)\)$/;
        $row{long} = $row{flags} =~ /\bLONG\b/ ? 1 : 0;
        my @roots = $kind eq 'R' ? ('') : $kind eq 'API' ? ('', '/api')
            : ('/api/v1', '/api');
        for my $root (@roots) {
            my %this = (%row, pattern => $root . $row{pattern});
            $this{name} = "$this{method} $this{pattern}";
            $this{alias} = "$roots[0]$row{pattern}" if $root ne $roots[0];
            push @rows, \%this;
        }
    }
    return @rows;
}

1;
