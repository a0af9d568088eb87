package T::Nginx;

# nginx in front of a pool, from the site file that is shipped.

use strict;
use warnings;
use T::Client;
use T::Proc;
use T::Site;

sub available { return grep { -x "$_/nginx" } split /:/, $ENV{PATH} }

# app: the T::App to stand in front of.
sub new {
    my ($class, $app) = @_;
    my $dir = $app->dir;
    my $address = '127.0.0.1:' . T::Site::free_port();
    my $log = "$dir/log-nginx";
    my $self = bless { log => $log, address => $address }, $class;
    my %value = (listen => $address, run => $dir, conf => $dir, log_dir => $log,
        storage => $app->storage, socket => $app->socket,
        long_socket => $app->long_socket);

    mkdir $log;
    T::Site::render('contrib/lib/nginx.conf.in', "$dir/nginx.conf", %value);
    T::Site::render_site('nginx', 'vitrine', $dir, "$dir/site-nginx.conf",
        %value);
    T::Proc::own($log, "$dir/nginx.conf", "$dir/site-nginx.conf");
    $self->{proc} = T::Proc->start(name => 'nginx', log => "$log/nginx.out",
        command => [ 'nginx', '-p', "$dir/", '-c', "$dir/nginx.conf",
            '-e', "$log/nginx.log" ]);
    T::Proc->until_true(10, sub {
        die 'nginx: ' . $self->log if !$self->{proc}->alive;
        T::Site::answers($address);
    }) or die 'nginx does not answer';
    return $self;
}

sub address { $_[0]{address} }
sub client { return T::Client->http($_[0]{address}) }
sub log { return join '', map { T::Site::slurp("$_[0]{log}/$_") }
    qw(nginx.out nginx.log) }

# All that was logged until now: nginx keeps lines for a second, and writes what
# it has when it opens its logs anew.
sub access_log {
    my ($self) = @_;
    my $log = "$self->{log}/access.log";
    my $old = "$log." . ++$self->{logs};
    my $pid = $self->{proc}->pid;

    rename $log, $old or die "$log: $!";
    $self->{proc}->signal('USR1');
    T::Proc->until_true(10, sub {
        !grep { (readlink $_ // '') eq $old }
            map { glob "/proc/$_/fd/*" } $pid, T::Proc->children($pid);
    }) or die "nginx keeps $old open";
    return join '', map { T::Site::slurp("$log.$_") } 1 .. $self->{logs};
}

sub stop { return $_[0]{proc}->stop }

1;
