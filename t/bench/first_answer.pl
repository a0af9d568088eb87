#!/usr/bin/perl
# first_answer.pl SOCKET COMMAND...: starts a FastCGI pool that listens on the
# socket and prints how many milliseconds pass until it has answered /healthz.

use strict;
use warnings;
use IO::Socket::UNIX;
use POSIX qw(_exit);
use Time::HiRes qw(sleep time);

my ($path, @command) = @ARGV;

sub record {
    my ($type, $text) = @_;
    return pack('CCnnCx', 1, $type, 1, length $text, 0) . $text;
}

sub ask {
    my ($socket) = @_;
    my %params = (REQUEST_METHOD => 'GET', REQUEST_URI => '/healthz',
        QUERY_STRING => '', REMOTE_ADDR => '127.0.0.1');
    my $params = join '', map {
        pack('CC', length, length $params{$_}) . $_ . $params{$_}
    } sort keys %params;
    my $answer = '';

    print $socket record(1, pack('nCx5', 1, 0)), record(4, $params),
        record(4, ''), record(5, '');
    $socket->flush;
    $answer .= $_ while sysread $socket, $_, 4096;
    return $answer;
}

unlink $path;
my $begun = time;
my $child = fork // die "fork: $!";
if ($child == 0) {
    exec @command or _exit(127);
}
my $socket;
until ($socket = IO::Socket::UNIX->new(Peer => $path)) {
    die "no socket after 10 s\n" if time - $begun > 10;
    sleep 0.0002;
}
my $answer = ask($socket);
my $took = time - $begun;
kill 'TERM', $child;
waitpid $child, 0;
die "no good answer: $answer\n" if $answer !~ /"status":\s*"ok"/;
printf "%.3f\n", 1000 * $took;
