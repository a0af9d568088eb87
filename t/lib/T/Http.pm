package T::Http;

# A plain HTTP/1.1 client: the target and the headers go out as they are given.

use strict;
use warnings;
use IO::Socket::INET;
use T::Response;

# One request on a connection of its own: address, method, target, headers,
# body; raw: the exact bytes instead of all of these.
sub request {
    my ($class, %o) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => $o{address},
        Timeout => 10) or die "$o{address}: $!";
    my %header = (Host => 'localhost', Connection => 'close',
        %{ $o{headers} // {} });
    my $out = $o{raw};

    if (!defined $out) {
        $header{'Content-Length'} //= length $o{body} if defined $o{body};
        $out = "$o{method} $o{target} HTTP/1.1\r\n"
            . join('', map { "$_: $header{$_}\r\n" }
                grep { defined $header{$_} } sort keys %header)
            . "\r\n" . ($o{body} // '');
    }
    local $SIG{PIPE} = 'IGNORE';
    local $SIG{ALRM} = sub { die "no answer to $o{method} $o{target}\n" };
    alarm($o{timeout} // 120);
    print $socket $out;
    $socket->flush;
    my $in = do { local $/; <$socket> } // '';
    alarm 0;
    return parse($in, $o{method} // 'GET');
}

sub parse {
    my ($in, $method) = @_;
    my ($head, $body);

    do {
        ($head, $body) = split /\r\n\r\n/, $in, 2;
        return undef if !defined $body;
        $in = $body;
    } while ($head =~ m{^HTTP/1\.[01] 100});
    if ($head =~ /^transfer-encoding:\s*chunked/im) {
        my ($rest, $whole) = ($body, '');
        while ($rest =~ s/^([0-9a-f]+)[^\r\n]*\r\n//i && hex $1) {
            my $n = hex $1;
            $whole .= substr $rest, 0, $n, '';
            $rest =~ s/^\r\n//;
        }
        $body = $whole;
    }
    return T::Response->new(head => $head, body => $body);
}

1;
