package T::Fcgi;

# A client of the FastCGI protocol: exact bytes on the pool's socket, and
# connections that are kept.

use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use T::Response;
use Time::HiRes qw(time);

use constant { BEGIN_REQUEST => 1, END_REQUEST => 3, PARAMS => 4,
    T_STDIN => 5, T_STDOUT => 6, T_STDERR => 7 };

sub new {
    my ($class, $where) = @_;
    my $socket = $where =~ m{^/}
        ? IO::Socket::UNIX->new(Peer => $where)
        : IO::Socket::INET->new(PeerAddr => $where);

    die "$where: $!" if !$socket;
    $socket->blocking(0);
    return bless { socket => $socket, left => '' }, $class;
}

sub socket { $_[0]{socket} }

sub record {
    my ($type, $content, $id) = @_;
    return pack('CCnnCC', 1, $type, $id // 1, length $content, 0, 0) . $content;
}

# A stream of records of one type, closed by an empty one.
sub stream {
    my ($type, $content) = @_;
    my $out = '';

    for (my $i = 0; $i < length $content; $i += 65528) {
        $out .= record($type, substr $content, $i, 65528);
    }
    return $out . record($type, '');
}

sub pairs {
    my (%param) = @_;
    my $out = '';

    for my $name (sort keys %param) {
        my $value = $param{$name};
        next if !defined $value;
        $out .= join '', map { $_ < 128 ? chr : pack 'N', $_ | 1 << 31 }
            length $name, length $value;
        $out .= $name . $value;
    }
    return $out;
}

# The CGI variables of a request: method, target, headers, body, and params,
# which go before all others (undef takes one away).
sub params {
    my (%o) = @_;
    my ($path, $query) = split /\?/, $o{target}, 2;
    my %param = (
        REQUEST_METHOD => $o{method} // 'GET', REQUEST_URI => $o{target},
        QUERY_STRING => $query // '', SERVER_PROTOCOL => 'HTTP/1.1',
        GATEWAY_INTERFACE => 'CGI/1.1', REMOTE_ADDR => '127.0.0.1',
        SERVER_NAME => 'localhost', SERVER_PORT => 80, CONTENT_TYPE => '',
        CONTENT_LENGTH => '');

    $param{CONTENT_LENGTH} = length $o{body} if defined $o{body};
    for my $name (keys %{ $o{headers} // {} }) {
        my $value = $o{headers}{$name};
        if (lc $name eq 'content-type') {
            $param{CONTENT_TYPE} = $value;
        } elsif (lc $name eq 'content-length') {
            $param{CONTENT_LENGTH} = $value;
        } else {
            $param{ 'HTTP_' . uc($name) =~ tr/-/_/r } = $value;
        }
    }
    return (%param, %{ $o{params} // {} });
}

# The bytes of a whole request; keep: the connection is to stay.
sub request_bytes {
    my (%o) = @_;
    return record(BEGIN_REQUEST, pack 'nCx5', 1, $o{keep} ? 1 : 0)
        . stream(PARAMS, pairs(params(%o))) . stream(T_STDIN, $o{body} // '');
}

# Sends bytes while it reads what comes, until one request has ended, the
# connection is closed, or the time is over. Without bytes it only reads.
sub exchange {
    my ($self, $out, $seconds) = @_;
    my ($stdout, $stderr, $ended) = ('', '', 0);
    my $until = time + ($seconds // 60);
    my $select = IO::Select->new($self->{socket});

    local $SIG{PIPE} = 'IGNORE';
    while (1) {
        while (length $self->{left} >= 8) {
            my (undef, $type, undef, $n, $pad) = unpack 'CCnnC', $self->{left};
            last if length $self->{left} < 8 + $n + $pad;
            my $content = substr $self->{left}, 8, $n;
            substr $self->{left}, 0, 8 + $n + $pad, '';
            $stdout .= $content if $type == T_STDOUT;
            $stderr .= $content if $type == T_STDERR;
            if ($type == END_REQUEST) {
                $ended = 1;
                last;
            }
        }
        last if $ended || $self->{closed};
        my $wait = $until - time;
        if ($wait <= 0) {
            $self->{timeout} = 1;
            last;
        }
        my ($r, $w) = IO::Select::select($select,
            length $out ? $select : undef, undef, $wait);
        if ($w && @$w) {
            my $n = syswrite $self->{socket}, $out, 65536;
            if (defined $n) {
                substr $out, 0, $n, '';
            } elsif (!$!{EAGAIN}) {
                $out = '';
            }
        }
        if ($r && @$r) {
            my $n = sysread $self->{socket}, $self->{left}, 65536,
                length $self->{left};
            $self->{closed} = 1 if defined $n ? $n == 0 : !$!{EAGAIN};
        }
    }
    $self->{ended} = $ended;
    return ($stdout, $stderr);
}

# One request and its answer; the answer is undef where none came.
sub request {
    my ($self, %o) = @_;
    my ($stdout, $stderr) =
        $self->exchange(request_bytes(%o), $o{timeout});
    return answer($stdout, $stderr);
}

sub answer {
    my ($stdout, $stderr) = @_;
    my ($head, $body) = split /\r?\n\r?\n/, $stdout, 2;

    return undef if !defined $body;
    return T::Response->new(head => $head, body => $body, stderr => $stderr);
}

# Whether the other side has closed the connection (waits a moment for it).
sub closed {
    my ($self, $seconds) = @_;
    $self->exchange('', $seconds // 1) if !$self->{closed};
    return $self->{closed} ? 1 : 0;
}

# Whether the last request was ended by the pool.
sub ended { $_[0]{ended} }

1;
