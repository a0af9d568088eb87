#!/usr/bin/perl
# TLS to a database server over TCP: what [database] tls and ca_file ask for is
# what is done, whatever the client library does by itself.

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

# An authority, and another; the first one's certificate for localhost.
for my $name (qw(ca other)) {
    openssl(qw(req -x509 -newkey rsa:2048 -nodes -days 2), '-subj',
        "/CN=$name", '-keyout', "$dir/$name.key", '-out', "$dir/$name.pem");
}
openssl(qw(req -newkey rsa:2048 -nodes), '-subj', '/CN=localhost', '-keyout',
    "$dir/server.key", '-out', "$dir/server.csr");
openssl(qw(x509 -req -days 2 -set_serial 2), '-in', "$dir/server.csr", '-CA',
    "$dir/ca.pem", '-CAkey', "$dir/ca.key", '-out', "$dir/server.pem");

T::Db->network('--bind-address=127.0.0.1', "--port=$port",
    "--ssl-ca=$dir/ca.pem", "--ssl-cert=$dir/server.pem",
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

my @ca = (ca_file => "$dir/ca.pem");
like(over_tcp('tls', tls => 'required', @ca), qr/^0 /,
    'required: a trusted certificate');
like(over_tcp('tls', tls => 'required', ca_file => "$dir/other.pem"),
    qr/^[^0].*ca_file/s, "required: another authority's is refused");
like(over_tcp('tls', tls => 'required'), qr/^[^0].*ca_file/s,
    'required: the host does not know the authority');
like(over_tcp('tls', tls => 'required', @ca, host => '127.0.0.1'),
    qr/^[^0].*ca_file/s, 'required: the certificate names another host');
like(over_tcp('tls', tls => 'optional'), qr/^0 /,
    'optional: TLS, whatever the certificate');
like(over_tcp('tls'), qr/^0 /, 'which is the default');
like(over_tcp('tls', tls => 'none'), qr/^[^0].*denied/s, 'none: no TLS');
like(over_tcp('plain', tls => 'none'), qr/^0 /, 'none: where the server allows');
$app->db->run_sql(undef, 'SET GLOBAL require_secure_transport = ON');
like(over_tcp('plain', tls => 'none'), qr/^[^0].*tls = required/s,
    'none: a server that wants TLS, and what to do');

$app->finish;
done_testing;
