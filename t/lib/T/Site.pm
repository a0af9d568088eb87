package T::Site;

# The site files as they are shipped, with the places of a test in them.

use strict;
use warnings;
use IO::Socket::INET;

sub source { return "$ENV{top_srcdir}/$_[0]" }

# Fills in a template; dies where a placeholder is left.
sub render {
    my ($template, $target, %value) = @_;
    open my $in, '<', source($template) or die "$template: $!";
    my $text = do { local $/; <$in> };

    $text =~ s/\@([a-z_]+)\@/$value{$1} \/\/ die "$template: $1"/ge;
    open my $out, '>', $target or die "$target: $!";
    print $out $text;
    close $out or die "$target: $!";
}

sub free_port {
    my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1',
        ReuseAddr => 1) or die "no port: $!";
    return $s->sockport;
}

sub answers {
    my ($address) = @_;
    return IO::Socket::INET->new(PeerAddr => $address, Timeout => 1) ? 1 : 0;
}

sub slurp {
    my ($path) = @_;
    open my $fh, '<:raw', $path or return '';
    local $/;
    return scalar(<$fh>) // '';
}

1;
