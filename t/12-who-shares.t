#!/usr/bin/perl
# Who may what with shares, in each of the APIs, and links: the rest of
# t/who.txt, as in 12-who.t; and that a link that has ended shows strangers
# nothing.

use strict;
use warnings;
use T::Who;
use Test::More;

walk_where(sub { is_of_shares(@_) });

# ---- a link that has ended looks unknown, except to its owner; and
# HEAD shows no more
sub whole {
    my ($r) = @_;
    return join "\n", $r->status, (map { "$_: " . $r->header($_) }
        sort grep { $_ ne 'x-request-id' } keys %{ $r->{headers} }), '',
        $r->body;
}
my @dead = qw(late used ended expired revoked cut disabled);
for my $name (grep { $route{$_} && /:(token|code|key)/ } @sections) {
    my $route = $route{$name};
    my @methods = $route->{method} eq 'GET' ? qw(GET HEAD) : $route->{method};

    for my $method (@methods) {
        for my $how ([ 'nobody', '*/*' ], [ 'nobody', 'text/html' ],
            [ 'other', 'text/html' ]) {
            my ($who, $accept) = @$how;
            my $says = sub { whole(answer($route, $_[0], $who, $method,
                Accept => $accept)) };
            my $never = $says->('unknown');

            like($never, qr/^404\n/, "$method $route->{pattern}: $who");
            is($says->($_), $never, "$method $route->{pattern}: $_ is like it")
                for @dead;
        }
    }
    next if $name !~ /^GET .*:(token|code)$/;
    for my $state (qw(open locked unlocked)) {
        my $r = answer($route, $state, 'nobody', 'HEAD');

        is(join(' ', $r->status, $r->body, grep { defined } map {
            $r->header($_) } qw(Location Set-Cookie)), '200 ',
            "HEAD $route->{pattern}: $state");
    }
    like(answer($route, 'late', 'owner')->body,
        qr/Your link has expired/, "$name: its owner sees the reason");
}
{
    my $route = $route{"GET $links/:key"};
    my $says = sub { whole(answer($route, @_)) };
    my $never = $says->('unknown', 'nobody');
    my $r = answer($route, 'open', 'nobody', 'HEAD');

    is(join(' ', $r->status, $r->body, $r->header('Location') // ()), '200 ',
        'HEAD of a shareable link');
    is($says->($_, 'nobody'), $never, "no shareable link: $_")
        for qw(locked right looked kept set);
    is($says->($_, 'owner'), $never, "its owner sees no more: $_")
        for qw(late used ended);
}

# ---- seeds 003 and 004: all refusals look the same
for my $case ([ "POST $links", 'asset not found', qw(live deleted unknown) ],
    [ "POST $links/share", 'No shareable links found',
        qw(open alien ended unknown none) ]) {
    my ($name, $words, @states) = @$case;

    is(answer($route{$name}, $_, 'other')->json->{error}, $words,
        "$name ($_): in its words") for @states;
}
for my $name (grep { $route{$_} && $route{$_}{dialect} eq 'PROBLEM' }
    @sections) {
    my ($state) = $name =~ m{/asset/|POST /api/share$} ? 'live' : 'open';

    is(whole(answer($route{$name}, $state, 'other')),
        whole(answer($route{$name}, 'unknown', 'other')),
        "$name: another user's looks unknown");
}
is_deeply(fingerprint(), $was, 'and none of it has changed anything');

finish();
done_testing;
