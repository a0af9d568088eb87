package T::Db;

# A private MariaDB for tests: one server for a run, one database for each test
# file. The server trades safety for speed; it holds nothing that matters.

use strict;
use warnings;
use File::Basename qw(basename);
use T::Proc;

my $server;
my $count = 0;
my @network = '--skip-networking';

# Starts the server, unless the run has one already (VITRINE_TEST_MARIADB
# names its socket).
sub server {
    return $server if $server;
    if ($ENV{VITRINE_TEST_MARIADB}) {
        return $server = { socket => $ENV{VITRINE_TEST_MARIADB} };
    }
    return $server = launch(T::Proc->folder('db'));
}

# Has the test's own server listen on a network too, by options of mariadbd; to
# be called before the first database is made.
sub network {
    my ($class, @options) = @_;

    delete $ENV{VITRINE_TEST_MARIADB};
    @network = @options;
}

# A new server's data: a copy of what contrib/check has made once, or made here.
sub install {
    my ($dir) = @_;
    if (my $made = $ENV{VITRINE_TEST_DATA}) {
        my $data = "$dir/data";
        my ($status, $out, $err) = T::Proc->run(as_is => 1,
            command => [ 'cp', '-R', '--reflink=auto', $made, $data ]);

        die "cp $made: $err" if $status;
        T::Proc::own($data, glob "$data/* $data/*/*");
        return;
    }
    my $account = T::Proc::account() // getpwuid($>);
    my ($status, $out, $err) = T::Proc->run(command => [
        'mariadb-install-db', '--no-defaults', "--datadir=$dir/data",
        '--auth-root-authentication-method=normal', '--skip-test-db',
        # A server that starts removes the temporary tables of all others
        # from a folder that it shares with them.
        "--tmpdir=$dir",
        "--user=$account" ]);
    die "mariadb-install-db: $out$err" if $status;
}

sub launch {
    my ($dir) = @_;

    install($dir);
    return boot({ dir => $dir, socket => "$dir/s" });
}

# Starts a server on its data.
sub boot {
    my ($s) = @_;
    my $dir = $s->{dir};

    $s->{proc} = T::Proc->start(name => 'mariadbd', log => "$dir/log",
        command => [ 'mariadbd', '--no-defaults', "--datadir=$dir/data",
            "--socket=$s->{socket}", "--pid-file=$dir/pid",
            "--tmpdir=$dir",
            @network, '--skip-log-bin', '--skip-name-resolve',
            '--performance-schema=OFF', '--innodb-buffer-pool-size=64M',
            '--innodb-log-file-size=16M', '--max-connections=200',
            '--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0',
            '--innodb-flush-method=nosync' ]);
    T::Proc->until_true(30, sub {
        die "mariadbd ended: " . slurp("$dir/log") if !$s->{proc}->alive;
        my ($status) = client($s, undef, 'SELECT 1');
        return $status == 0;
    }) or die 'mariadbd does not answer: ' . slurp("$dir/log");
    return $s;
}

sub slurp {
    my ($path) = @_;
    open my $fh, '<', $path or return "$path: $!";
    local $/;
    return scalar <$fh>;
}

sub client {
    my ($s, $database, $sql) = @_;
    return T::Proc->run(input => $sql, command => [ 'mariadb', '--no-defaults',
        "--socket=$s->{socket}", '--skip-ssl', '--user=root', '--batch',
        '--skip-column-names', '--default-character-set=utf8mb4',
        defined $database ? $database : () ]);
}

# A new, empty database.
sub new {
    my ($class) = @_;
    my $s = server();
    my $name = sprintf 't_%s_%d_%d', basename($0) =~ s/\W+/_/gr, $$, ++$count;
    my $self = bless { name => substr($name, -60), server => $s }, $class;

    $self->run_sql(undef, "CREATE DATABASE $self->{name}");
    return $self;
}

sub name { $_[0]{name} }
sub socket { $_[0]{server}{socket} }
sub user { 'root' }

# Kills the server as a power cut would, and starts it again. Only for a test
# whose server is its own.
sub own { return $_[0]{server}{proc} ? 1 : 0 }
sub kill_server {
    my ($self) = @_;
    $self->{server}{proc}->signal('KILL');
    $self->{server}{proc}->wait_end(10);
}
sub start_server { boot($_[0]{server}) }

sub run_sql {
    my ($self, $database, $sql) = @_;
    my ($status, $out, $err) = client($self->{server}, $database, $sql);

    die "SQL: $sql: $err" if $status;
    return $out;
}

# All rows of a statement, each a list of its columns; NULL is undef.
sub rows {
    my ($self, $sql) = @_;
    my %plain = (n => "\n", t => "\t", 0 => "\0", '\\' => '\\');

    return map {
        [ map { $_ eq 'NULL' ? undef : s/\\([nt0\\])/$plain{$1}/gr }
          split /\t/, $_, -1 ]
    } split /\n/, $self->run_sql($self->{name}, $sql);
}

# The one value that a statement gives.
sub value {
    my ($self, $sql) = @_;
    my ($row) = $self->rows($sql);
    return $row ? $row->[0] : undef;
}

sub drop {
    my ($self) = @_;
    $self->run_sql(undef, "DROP DATABASE IF EXISTS $self->{name}");
}

sub stop_all {
    $server->{proc}->stop if $server && $server->{proc};
    undef $server;
}

1;
