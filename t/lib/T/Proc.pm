package T::Proc;

# Processes that a test starts: each is led by setpriv, which sends it SIGTERM
# should the test itself be killed, and which changes to an unprivileged
# account where the tests are run by root.

use strict;
use warnings;
use File::Temp ();
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

my $owner = $$;
my %running;

# The account that servers run as: undef where the caller is nobody special.
sub account {
    return $> == 0 ? ($ENV{VITRINE_TEST_ACCOUNT} // 'www-data') : undef;
}

# A folder for one test, short enough for sockets, the servers' own.
sub folder {
    my ($class, $name) = @_;
    my $dir = File::Temp->newdir("vt-$name-XXXXXX", DIR => '/tmp');

    own("$dir");
    return $dir;
}

# Gives files to the servers' account.
sub own {
    my @paths = @_;
    my $account = account() // return;
    my ($uid, $gid) = (getpwnam $account)[2, 3];

    chown($uid, $gid, @paths) == @paths or die "chown @paths: $!";
}

# as_is: as the caller, root where it is root.
sub wrap {
    my ($class, $as_is, @command) = @_;
    my $account = $as_is ? undef : account();
    my @as = defined $account
        ? ("--reuid=$account", "--regid=$account", '--clear-groups') : ();

    return ('setpriv', '--pdeathsig', 'TERM', @as, '--', @command);
}

# Starts a program: name, command, and optionally log (appended to), stdin (a
# handle), env and as_is (not as another account).
sub start {
    my ($class, %o) = @_;
    my $pid = fork // die "fork: $!";

    if ($pid == 0) {
        $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);
        $ENV{$_} = $o{env}{$_} for keys %{ $o{env} // {} };
        if ($o{stdin}) {
            open STDIN, '<&', $o{stdin} or die "stdin: $!";
        } else {
            open STDIN, '<', '/dev/null' or die "stdin: $!";
        }
        if ($o{log}) {
            open STDOUT, '>>', $o{log} or die "$o{log}: $!";
            open STDERR, '>&', \*STDOUT or die "stderr: $!";
        }
        setpgrp;
        exec $class->wrap($o{as_is}, @{ $o{command} })
            or POSIX::_exit(127);
    }
    my $self = bless { pid => $pid, name => $o{name}, log => $o{log} }, $class;
    $running{$pid} = $self;
    return $self;
}

# Runs a command to its end: (status, standard output, standard error).
sub run {
    my ($class, %o) = @_;
    my ($out, $err, $in) = map { File::Temp->new } 1 .. 3;

    if (defined $o{input}) {
        print $in $o{input};
        $in->flush;
        seek $in, 0, 0;
    }
    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        $ENV{$_} = $o{env}{$_} for keys %{ $o{env} // {} };
        open STDIN, '<&', $in or die;
        open STDOUT, '>&', $out or die;
        open STDERR, '>&', $err or die;
        exec $class->wrap($o{as_is}, @{ $o{command} })
            or POSIX::_exit(127);
    }
    waitpid $pid, 0;
    my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    return ($status, map { seek $_, 0, 0; local $/; scalar(<$_>) // '' }
            $out, $err);
}

sub pid { $_[0]{pid} }

sub alive {
    my $self = shift;
    my $got;

    return 0 if exists $self->{status};
    $got = waitpid $self->{pid}, WNOHANG;
    return 1 if $got == 0;
    $self->{status} = $?;
    delete $running{ $self->{pid} };
    return 0;
}

sub signal {
    my ($self, $signal) = @_;
    return kill $signal, $self->{pid};
}

# Waits for its end; true when it came in time.
sub wait_end {
    my ($self, $seconds) = @_;
    my $until = time + $seconds;

    while ($self->alive) {
        return 0 if time > $until;
        sleep 0.02;
    }
    return 1;
}

# Ends it: SIGTERM, and SIGKILL for the whole group when that does not help.
# Returns the wait status, undef when it had to be killed.
sub stop {
    my ($self, $seconds) = @_;

    return $self->{status} if !$self->alive;
    $self->signal('TERM');
    return $self->{status} if $self->wait_end($seconds // 20);
    kill 'KILL', -$self->{pid}, $self->{pid};
    $self->wait_end(5);
    return undef;
}

# Waits until a condition holds.
sub until_true {
    my ($class, $seconds, $condition) = @_;
    my $until = time + $seconds;

    while (1) {
        my $result = $condition->();
        return $result if $result;
        return 0 if time > $until;
        sleep 0.03;
    }
}

# The processes below a process, itself left out.
sub children {
    my ($class, $pid) = @_;
    my (%child, @found, @todo);

    for my $stat (glob '/proc/[0-9]*/stat') {
        open my $fh, '<', $stat or next;
        my $line = <$fh> // next;
        push @{ $child{$2} }, $1 if $line =~ /^(\d+) \(.*\) \S (\d+) /s;
    }
    @todo = ($pid);
    while (defined(my $p = shift @todo)) {
        push @found, @{ $child{$p} // [] };
        push @todo, @{ $child{$p} // [] };
    }
    return @found;
}

END {
    if ($$ == $owner) {
        local $?;
        $_->stop(5) for values %running;
    }
}

1;
