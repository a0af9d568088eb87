#!/usr/bin/perl
# TLS to a database server over TCP: [database] tls and ca_file decide, whatever
# the client library does by default.

use strict;
use warnings;
use T::App;
use T::Db;
use T::Proc;
use T::Site;
use Test::More;

my $dir = T::Proc->folder('tls');
my $port = T::Site::free_port();

sub openssl {
    my ($status, $out, $err) = T::Proc->run(command => [ 'openssl', @_ ]);
    die "openssl @_: $err" if $status;
}

# The server's certificate for a host, from the first authority.
sub certificate {
    my ($host) = @_;

    openssl(qw(req -new), '-key', "$dir/server.key", '-subj', "/CN=$host",
        '-out', "$dir/server.csr");
    openssl(qw(x509 -req -days 2 -set_serial 2), '-in', "$dir/server.csr",
        '-CA', "$dir/ca.pem", '-CAkey', "$dir/ca.key", '-out',
        "$dir/server.pem");
}

# An authority, and another.
for my $name (qw(ca other)) {
    openssl(qw(req -x509 -newkey rsa:2048 -nodes -days 2), '-subj',
        "/CN=$name", '-keyout', "$dir/$name.key", '-out', "$dir/$name.pem");
}
openssl(qw(genrsa -out), "$dir/server.key", 2048);
certificate('localhost');

my @listen = ('--bind-address=127.0.0.1', "--port=$port");
T::Db->network(@listen, "--ssl-ca=$dir/ca.pem", "--ssl-cert=$dir/server.pem",
    "--ssl-key=$dir/server.key");
my $app = T::App->new(pool => 0, worker => 0);
my $name = $app->db->name;
$app->db->run_sql(undef, "CREATE USER tls IDENTIFIED BY 'secret' REQUIRE SSL;
    CREATE USER plain IDENTIFIED BY 'secret';
    GRANT ALL ON $name.* TO tls; GRANT ALL ON $name.* TO plain");
open my $fh, '>', "$dir/password" or die "$dir/password: $!";
print $fh "secret\n";
close $fh;
T::Proc::own("$dir/password");

# What "vitrine status" says over TCP with these settings.
sub over_tcp {
    my ($user, %more) = @_;

    $app->{conf} = { 'database.socket' => '', 'database.port' => $port,
        'database.user' => $user, 'database.password_file' => "$dir/password",
        map { ("database.$_" => $more{$_}) } keys %more };
    $app->write_config;
    my ($status, $out, $err) = $app->admin('status');
    return "$status $out$err";
}

my @ca = (tls => 'required', ca_file => "$dir/ca.pem");
like(over_tcp('tls', @ca), qr/^0 /, 'required: a trusted certificate');
like(over_tcp('tls', @ca, ca_file => "$dir/other.pem"),
    qr/^[^0].*tls is required.*ca_file/s,
    "required: another authority's is refused");
certificate('db.example.org');
$app->db->run_sql(undef, 'FLUSH SSL');
like(over_tcp('tls', @ca), qr/^[^0].*names the host/s,
    'required: as is one for another host');

# What the releases of the client library do not verify alike.
for my $case ([ 'without authorities', 'ca_file: must name', ca_file => '' ],
    [ 'an address of the loopback', 'host: must be',
        host => '127.0.0.1' ], [ 'also of IPv6', 'host: must be', host => '::1' ],
    [ 'over a socket', 'over TCP only', socket => $app->db->socket ],
    [ 'authorities, but optional', 'tls = required', tls => 'optional' ]) {
    my ($what, $expected, @settings) = @$case;
    like(over_tcp('tls', @ca, @settings), qr/^[^0].*\Q$expected\E/s,
        "no such configuration: $what");
}

like(over_tcp('tls', tls => 'optional'), qr/^0 /,
    'optional: TLS, whatever the certificate');
like(over_tcp('tls'), qr/^0 /, 'which is the default');
like(over_tcp('tls', tls => 'none'), qr/^[^0].*denied/s, 'none: no TLS');
like(over_tcp('plain', tls => 'none'), qr/^0 /, 'none: where the server allows');
$app->db->run_sql(undef, 'SET GLOBAL require_secure_transport = ON');
like(over_tcp('plain', tls => 'none'), qr/^[^0].*tls = required/s,
    'none: a server that wants TLS, and what to do');

# ---- a server without TLS
$app->db->kill_server;
T::Db->network(@listen, '--skip-ssl');
$app->db->start_server;
like(over_tcp('plain'), qr/^0 /, 'optional: without TLS if the server has none');
like(over_tcp('plain', @ca), qr/^[^0].*must offer TLS/s,
    'required: not without');

$app->finish;
done_testing;
