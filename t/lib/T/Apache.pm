package T::Apache;

# Apache in front of a pool (module "proxy"), or as the one that starts it
# (module "fcgid"), from the site files that are shipped.

use strict;
use warnings;
use File::Basename qw(dirname);
use T::Client;
use T::Proc;
use T::Site;

my $modules = '/usr/lib/apache2/modules';

sub available {
    return -x '/usr/sbin/apache2' && -e "$modules/mod_xsendfile.so"
        && -e "$modules/mod_fcgid.so";
}

sub new {
    my ($class, $app, $module) = @_;
    my $dir = $app->dir;
    my $address = '127.0.0.1:' . T::Site::free_port();
    my $log = "$dir/log-$module";
    my $self = bless { log => $log, address => $address }, $class;
    my $fcgi = $app->program('vitrine.fcgi');
    my %value = (listen => $address, run => $dir, conf => $dir, log_dir => $log,
        modules => $modules, storage => $app->storage,
        socket => $app->socket, long_socket => $app->long_socket,
        fcgi => $fcgi, fcgi_dir => dirname($fcgi), config => $app->config);

    mkdir $_ for "$dir/fcgid", $log;
    T::Site::render('contrib/lib/apache.conf.in', "$dir/apache.conf", %value);
    T::Site::render_site('apache', "vitrine-$module", $dir,
        "$dir/site-apache.conf", %value);
    T::Proc::own($log, map { "$dir/$_" } qw(fcgid apache.conf
        site-apache.conf));
    $self->{proc} = T::Proc->start(name => 'apache2', log => "$log/apache.out",
        command => [ 'apache2', '-f', "$dir/apache.conf", '-DFOREGROUND',
            $module eq 'fcgid' ? '-DFcgid' : () ]);
    T::Proc->until_true(10, sub {
        die 'apache2: ' . $self->log if !$self->{proc}->alive;
        T::Site::answers($address);
    }) or die 'apache2 does not answer';
    return $self;
}

sub address { $_[0]{address} }
sub client { return T::Client->http($_[0]{address}) }
sub log { return join '', map { T::Site::slurp("$_[0]{log}/$_") }
    qw(apache.out apache.log) }
sub access_log { return T::Site::slurp("$_[0]{log}/access.log") }
sub stop { return $_[0]{proc}->stop }

1;
