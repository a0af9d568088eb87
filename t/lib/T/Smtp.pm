package T::Smtp;

# Mail servers for tests: a whole Postfix (STARTTLS, AUTH, delivery into a
# folder) below one folder, and its smtp-sink, which can be in a bad mood.

use strict;
use warnings;
use File::Copy ();
use File::Path qw(make_path);
use JSON::PP ();
use T::Proc;
use T::Site;

# Postfix's master is root's.
my @root = $> == 0 ? () : qw(sudo -n);
my $account = T::Proc::account() // getpwuid $>;

# Where Postfix was unpacked; contrib/check says so.
sub root {
    my $root = $ENV{VITRINE_TEST_POSTFIX} // '/';

    return $root =~ s{/$}{}r if -x "$root/usr/lib/postfix/sbin/master";
    die "no postfix in VITRINE_TEST_POSTFIX\n" if $ENV{VITRINE_TEST_ALL};
    return undef;
}

sub libraries { return { LD_LIBRARY_PATH => root() . '/usr/lib/postfix' } }

sub spew {
    my ($path, $text, $mode) = @_;
    open my $fh, '>', $path or die "$path: $!";
    print $fh $text;
    close $fh or die "$path: $!";
    chmod $mode // 0644, $path;
}

# A certificate for localhost, and the authority that it is from.
sub certificates {
    my ($dir) = @_;
    my $run = sub {
        my ($status, $out, $err) = T::Proc->run(as_is => 1,
            command => [ 'openssl', @_ ]);
        die "openssl @_: $err" if $status;
    };

    $run->(qw(req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority),
        '-keyout', "$dir/ca.key", '-out', "$dir/ca.pem");
    $run->(qw(req -newkey rsa:2048 -nodes -subj /CN=localhost),
        '-keyout', "$dir/key.pem", '-out', "$dir/request.pem");
    spew("$dir/names", "subjectAltName = DNS:localhost, IP:127.0.0.1\n");
    $run->('x509', '-req', '-in', "$dir/request.pem", '-CA', "$dir/ca.pem",
        '-CAkey', "$dir/ca.key", '-CAcreateserial', '-days', 2, '-extfile',
        "$dir/names", '-out', "$dir/cert.pem");
    chmod 0644, "$dir/ca.pem";
}

# A Postfix that takes mail for example.org and what else `domains` names, from
# those who sign in as mailer over TLS, and keeps it.
sub postfix {
    my ($class, %o) = @_;
    my $dir = T::Proc->folder('mta');
    my ($root, $port, $tls_port) = (root(), T::Site::free_port(),
        T::Site::free_port());
    my ($uid, $gid) = (getpwnam $account)[2, 3];
    my $self = bless { dir => "$dir", tmp => $dir, port => $port,
        tls_port => $tls_port }, $class;

    make_path(map { "$dir/$_" } qw(conf conf/sasl data mail),
        map { "spool/$_" } qw(active bounce corrupt defer deferred flush hold
            incoming maildrop pid private public saved trace));
    certificates($dir);
    chown $uid, $gid, map { "$dir/$_" } qw(data mail),
        grep { !m{/pid$} } map { s{^\Q$dir/\E}{}r } glob "$dir/spool/*";
    chmod 0755, "$dir", "$dir/spool", "$dir/conf",
        "$dir/conf/sasl";
    my ($status, $out, $err) = T::Proc->run(as_is => 1,
        input => "let me in\n", command => [ "$root/usr/sbin/saslpasswd2",
            qw(-p -c -u localhost -f), "$dir/conf/sasl/db", 'mailer' ]);
    die "saslpasswd2: $out$err" if $status;
    chmod 0644, "$dir/conf/sasl/db";
    spew("$dir/conf/sasl/smtpd.conf", "pwcheck_method: auxprop\n"
        . "auxprop_plugin: sasldb\nsasldb_path: $dir/conf/sasl/db\n"
        . "mech_list: PLAIN LOGIN CRAM-MD5\n");
    spew("$dir/conf/main.cf", main_cf($self, $root, $uid, $gid,
        join ', ', 'example.org', @{ $o{domains} // [] }));
    spew("$dir/conf/master.cf", master_cf($port, $tls_port));
    $self->{proc} = T::Proc->start(name => 'postfix', as_is => 1,
        log => "$dir/log", command => [ @root, 'env',
            'LD_LIBRARY_PATH=' . libraries()->{LD_LIBRARY_PATH},
            "$root/usr/lib/postfix/sbin/master", '-c', "$dir/conf", '-d' ]);
    T::Proc->until_true(20, sub {
        die 'postfix ended: ' . $self->log if !$self->{proc}->alive;
        T::Site::answers("127.0.0.1:$port");
    }) or die 'postfix does not answer: ' . $self->log;
    return $self;
}

sub main_cf {
    my ($self, $root, $uid, $gid, $domains) = @_;
    my $dir = $self->{dir};

    return <<"EOT";
compatibility_level = 3.6
queue_directory = $dir/spool
data_directory = $dir/data
command_directory = $root/usr/sbin
daemon_directory = $root/usr/lib/postfix/sbin
shlib_directory = $root/usr/lib/postfix
meta_directory = $dir/conf
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C
    LD_LIBRARY_PATH=$root/usr/lib/postfix
maillog_file_prefixes = $dir/data
maillog_file = $dir/data/log
mail_owner = $account
setgid_group = mail
default_privs = nobody
myhostname = localhost
mydestination =
local_transport = error:no local mail
default_transport = error:this mail goes nowhere
relayhost =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtputf8_enable = no
alias_maps =
alias_database =
virtual_mailbox_domains = $domains
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:$uid
virtual_gid_maps = static:$gid
virtual_minimum_uid = 1
smtpd_tls_cert_file = $dir/cert.pem
smtpd_tls_key_file = $dir/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
cyrus_sasl_config_path = $dir/conf/sasl
smtpd_sasl_local_domain = localhost
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_peername_lookup = no
EOT
}

sub master_cf {
    my ($port, $tls_port) = @_;
    my @services = ([ "127.0.0.1:$port", 'inet', 'smtpd' ],
        [ "127.0.0.1:$tls_port", 'inet',
            'smtpd -o smtpd_tls_wrappermode=yes' ],
        [ qw(cleanup unix cleanup) ], [ qw(qmgr unix qmgr) ],
        [ qw(tlsmgr unix tlsmgr) ], [ qw(rewrite unix trivial-rewrite) ],
        (map { [ $_, 'unix', 'bounce' ] } qw(bounce defer trace)),
        [ qw(proxymap unix proxymap) ], [ qw(error unix error) ],
        [ qw(retry unix error) ], [ qw(virtual unix virtual) ],
        [ qw(anvil unix anvil) ], [ qw(postlog unix-dgram postlogd) ]);

    return join '', map {
        my ($name, $type, $command) = @$_;
        my $private = $type eq 'unix' && $name !~ /^(cleanup|qmgr)$/
            ? 'y' : 'n';
        my $wake = $name eq 'qmgr' ? 300 : '-';
        my $most = $name =~ /^(qmgr|tlsmgr|postlog)$/ ? 1
            : $name eq 'cleanup' ? 0 : '-';
        my $unprivileged = $command eq 'virtual' ? 'n' : '-';
        "$name $type $private $unprivileged n $wake $most $command\n"
    } @services;
}

sub url { return "smtp://localhost:$_[0]{port}" }
sub tls_url { return "smtps://localhost:$_[0]{tls_port}" }
sub log { return join '', map { T::Site::slurp("$_[0]{dir}/$_") }
    qw(log data/log) }

# The mails that have arrived, each as its bytes.
sub mails {
    my ($self) = @_;
    return map { T::Site::slurp($_) } sort glob "$self->{dir}/mail/all/new/*";
}

# Waits until this many have arrived.
sub wait_for {
    my ($self, $n, $seconds) = @_;
    T::Proc->until_true($seconds // 20, sub { $self->mails >= $n });
    return $self->mails;
}

# smtp-sink on a port, with its own options for the mood.
sub sink {
    my ($class, %o) = @_;
    my $dir = T::Proc->folder('sink');
    my $port = $o{port} // T::Site::free_port();
    my $self = bless { dir => "$dir", tmp => $dir, port => $port }, $class;

    $self->{proc} = T::Proc->start(name => 'smtp-sink', log => "$dir/log",
        env => libraries(), command => [ root() . '/usr/sbin/smtp-sink',
            @{ $o{mood} // [] }, '-d', "$dir/%s.", "127.0.0.1:$port", 100 ]);
    T::Proc->until_true(10, sub { T::Site::answers("127.0.0.1:$port") })
        or die 'smtp-sink does not answer: ' . $self->log;
    return $self;
}

# What a sink has kept.
sub kept {
    my ($self) = @_;
    return map { T::Site::slurp($_) } sort glob "$self->{dir}/*.*";
}

# A mail as Python's mail library reads it.
sub parse {
    my ($class, $bytes) = @_;
    my ($status, $out, $err) = T::Proc->run(as_is => 1, input => $bytes,
        command => [ 'python3', "$ENV{top_srcdir}/t/mail/read.py" ]);

    die "read.py: $err" if $status;
    my $m = JSON::PP->new->utf8->decode($out);
    push @{ $m->{header}{ $_->[0] } }, $_->[1] for @{ $m->{headers} };
    return $m;
}

# Queues a mail by t/mail/queue_mail: (status, what it said).
sub queue {
    my ($class, $app, @words) = @_;
    my $program = $app->program('queue_mail');

    if (!-e $program) {
        File::Copy::cp("$ENV{top_builddir}/t/mail/queue_mail", $program)
            or die "queue_mail: $!";
    }
    my ($status, $out, $err) = T::Proc->run(command => [ $program,
        $app->config, @words ]);
    die "queue_mail: $err" if $status > 1;
    chomp $out;
    return ($status, $out);
}

sub stop { $_[0]{proc}->stop(10) if $_[0]{proc}; delete $_[0]{proc} }

1;
