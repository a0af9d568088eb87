package T::App;

# A whole Vitrine below one folder: database, storage, pool and worker. When it
# is finished it holds what every test must hold: no error in the log that was
# not expected, no sanitizer's word, no process, temporary file or transaction
# left.

use strict;
use warnings;
use Cwd ();
use File::Copy ();
use File::Path ();
use JSON::PP ();
use T::Client;
use T::Db;
use T::OpenApi;
use T::Proc;
use T::Site;
use Test::More ();

my @programs = qw(vitrine vitrine.fcgi vitrine-worker vitrine-image);

# conf: { 'section.name' => value }; pool => 0, worker => 0: not started;
# workers, long_workers: processes of the pool; errors: a pattern of error
# lines that this test means to cause.
sub new {
    my ($class, %o) = @_;
    my $dir = T::Proc->folder('app');

    T::OpenApi->start;
    my $self = bless { workers => 2, long_workers => 2, %o, tmp => $dir,
        dir => "$dir", db => T::Db->new }, $class;

    mkdir "$dir/$_" for qw(bin storage);
    for my $program (@programs) {
        File::Copy::cp(built($program), "$dir/bin/$program")
            or die "$program: $!";
    }
    $self->copy_tree('sql', '*.sql');
    $self->copy_tree('etc/imagemagick', 'policy.xml');
    $self->copy_tree('etc/mail', '*');
    T::Proc::own("$dir/storage");
    $self->write_config;
    $self->admin_ok('init');
    $self->admin_ok('migrate') if $o{migrate} // 1;
    $self->start_pool if $o{pool} // 1;
    $self->start_worker if $o{worker} // 1;
    return $self;
}

sub built {
    my ($program) = @_;
    my ($found) = grep { -x && -f } map { "$ENV{top_builddir}/$_$program" }
        '', 'src/prog/', 'src/image/';

    return $found // die "$program is not built\n";
}

# Copies what the programs read: the folder of the checkout may be closed to
# the account that they run as.
sub copy_tree {
    my ($self, $folder, $pattern) = @_;
    my $to = "$self->{dir}/$folder";

    File::Path::make_path($to);
    for my $file (glob "$ENV{top_srcdir}/$folder/$pattern") {
        File::Copy::copy($file, $to) or die "$file: $!";
    }
}

sub write_config {
    my ($self) = @_;
    my $dir = $self->{dir};
    my %conf = ('site.base_url' => 'http://localhost',
        'database.socket' => $self->{db}->socket,
        'database.user' => $self->{db}->user,
        'database.name' => $self->{db}->name,
        'database.migrations' => "$dir/sql",
        'storage.root' => "$dir/storage", 'secrets.file' => "$dir/secrets",
        'image.program' => "$dir/bin/vitrine-image",
        'mail.templates' => "$dir/etc/mail",
        'image.policy' => "$dir/etc/imagemagick", 'worker.pause' => '1s',
        %{ $self->{conf} // {} });
    my %section;

    for my $key (sort keys %conf) {
        my ($section, $name) = split /\./, $key;
        push @{ $section{$section} }, "$name = $conf{$key}\n";
    }
    open my $fh, '>', "$dir/vitrine.conf" or die "vitrine.conf: $!";
    print $fh "[$_]\n", @{ $section{$_} } for sort keys %section;
    close $fh or die "vitrine.conf: $!";
    T::Proc::own($dir, "$dir/vitrine.conf");
}

sub dir { $_[0]{dir} }
sub db { $_[0]{db} }
sub storage { "$_[0]{dir}/storage" }
sub config { "$_[0]{dir}/vitrine.conf" }
sub socket { "$_[0]{dir}/pool.sock" }
sub long_socket { "$_[0]{dir}/long.sock" }
sub program { "$_[0]{dir}/bin/$_[1]" }
sub pool { $_[0]{pool_proc} }
sub worker { $_[0]{worker_proc} }
sub log { T::Site::slurp("$_[0]{dir}/log") }

# The administrator's command: (status, standard output, standard error).
sub admin {
    my ($self, @arguments) = @_;
    my %o = ref $arguments[-1] ? %{ pop @arguments } : ();

    return T::Proc->run(%o, command =>
        [ $self->program('vitrine'), '--config', $self->config, @arguments ]);
}

# The same, where it must succeed: its standard output.
sub admin_ok {
    my ($self, @arguments) = @_;
    my ($status, $out, $err) = $self->admin(@arguments);

    die "vitrine @arguments[0 .. $#arguments]: status $status: $err$out"
        if $status;
    return $out;
}

sub start_pool {
    my ($self, @more) = @_;
    $self->{pool_proc} = T::Proc->start(name => 'vitrine.fcgi',
        log => "$self->{dir}/log", command => [
            $self->program('vitrine.fcgi'), '--config', $self->config,
            '--listen', $self->socket, '--listen-long', $self->long_socket,
            '--workers', $self->{workers},
            '--long-workers', $self->{long_workers}, @more ]);
    T::Proc->until_true(20, sub {
        die 'the pool ended: ' . $self->log if !$self->pool->alive;
        return 0 if !-S $self->socket || !-S $self->long_socket;
        my $r = eval { $self->client->get('/healthz') };
        $r && $r->status == 200;
    }) or die 'the pool does not answer: ' . $self->log;
}

sub start_worker {
    my ($self) = @_;
    $self->{worker_proc} = T::Proc->start(name => 'vitrine-worker',
        log => "$self->{dir}/log", command => [
            $self->program('vitrine-worker'), '--config', $self->config ]);
}

# What the site files send to the socket for long requests, by the method and
# the path: uploads, lists, what works on pictures or takes a password.
my $long = qr{^(?:
    [A-Z]+ \ /(?:api/(?:user/)?media|thumb|view|vault)(?![^/])
    | [A-Z]+ \ /(?:s|shared/media)/[^/]+/preview$
    | POST \ /(?:s|shared/media)/[^/]+$
    | POST \ /api/(?:v1/)?(?:shares|shared/[^/]+/unlock)$
    | PATCH \ /api/(?:v1/)?shares/[^/]+$)}x;

# A client that talks to the pool's sockets itself.
sub client {
    my ($self) = @_;
    return T::Client->new(over => sub {
        my %o = @_;
        my $path = $o{target} =~ s/\?.*//sr;
        T::Fcgi->new("$o{method} $path" =~ $long ? $self->long_socket
            : $self->socket)->request(%o);
    });
}

# Makes an account: its id, username, password and folders.
sub user {
    my ($self, $name) = @_;
    my $password = "the password of $name";
    my $made = JSON::PP->new->utf8->decode($self->admin_ok('user', 'add',
        $name, '--email', "$name\@example.org", '--password-stdin', '--json',
        { input => "$password\n" }));

    return { %$made, password => $password };
}

# A client that is signed in as a new account.
sub signed_in {
    my ($self, $name) = @_;
    my $user = $self->user($name);
    my $client = $self->client;
    my $r = $client->login($name, $user->{password});

    die "$name cannot sign in: " . $r->body if $r->status != 200;
    return ($client, $user);
}

# An API key of an account.
sub key {
    my ($self, $name, @scopes) = @_;
    return JSON::PP->new->utf8->decode($self->admin_ok('key', 'add', $name,
        'test', @scopes ? ('--scopes', join ',', @scopes) : (),
        '--json'))->{key};
}

# Drops a file into one of an account's folders, as scp would: content is
# given, or copied from a file. Returns its path.
sub drop {
    my ($self, $user, $folder, $name, %o) = @_;
    my $path = $self->storage . "/user-media/users/$user->{id}/$folder/$name";

    if (defined $o{from}) {
        File::Copy::copy($o{from}, $path) or die "$path: $!";
    } else {
        open my $fh, '>:raw', $path or die "$path: $!";
        print $fh $o{content};
        close $fh or die "$path: $!";
    }
    T::Proc::own($path);
    utime $o{mtime}, $o{mtime}, $path if $o{mtime};
    return $path;
}

# The files of a client's vault, as in its list.
sub files {
    my ($self, $client, $query) = @_;
    my $r = $client->get('/api/user/media' . ($query // ''));

    die 'no list: ' . $r->status . ' ' . $r->body if $r->status != 200;
    return @{ $r->json->{files} };
}

# Waits until the worker has been through every file of a vault.
sub enriched {
    my ($self, $client, $seconds) = @_;
    return T::Proc->until_true($seconds // 60, sub {
        !grep { $_->{enrichmentStatus} =~ /^(pending|processing)$/ }
            $self->files($client);
    });
}

# Names below a folder of storage, files alone.
sub objects {
    my ($self, $folder) = @_;
    my $root = $self->storage . "/$folder";
    my @found = -d $root ? `find '$root' -type f -printf '%P\\n'` : ();

    chomp @found;
    return sort @found;
}

sub stop {
    my ($self) = @_;
    $self->end($_) for qw(worker_proc pool_proc);
}

sub end {
    my ($self, $which) = @_;
    my $proc = delete $self->{$which} // return;
    my @children = T::Proc->children($proc->pid);
    my $status = $proc->stop(60);

    Test::More::is($status, 0, "$proc->{name} ends in order");
    Test::More::ok(!(grep { kill 0, $_ } @children),
        "$proc->{name} leaves no process");
}

sub finish {
    my ($self) = @_;
    my $db = $self->{db};
    my $open = "SELECT COUNT(*) FROM information_schema.innodb_trx t"
        . " JOIN information_schema.processlist p"
        . " ON p.id = t.trx_mysql_thread_id WHERE p.db = '$db->{name}'";

    $self->end('worker_proc');
    Test::More::ok(T::Proc->until_true(5, sub { $db->value($open) == 0 }),
        'no transaction is left open');
    $self->stop;
    my @lines = split /\n/, $self->log;
    my @errors = grep { /level=error|panic/ } @lines;
    @errors = grep { !/$self->{errors}/ } @errors if $self->{errors};
    Test::More::is(join("\n", @errors), '', 'no error in the log');
    Test::More::is(join("\n", grep {
        /Sanitizer|runtime error:|SUMMARY: / } @lines), '',
        'no word of a sanitizer');
    Test::More::is(join("\n", $self->objects('tmp')), '',
        'nothing is left in tmp');
    my $faults = T::OpenApi->faults;
    Test::More::is($faults, '', 'every answer is as the document says')
        if defined $faults;
    $db->drop;
}

1;
