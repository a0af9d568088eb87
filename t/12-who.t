#!/usr/bin/perl
# Who may what: every route of the table but those of shares (12-who-shares.t),
# with every kind of caller, against t/who.txt; and what is refused has changed
# nothing. A route without its rows there fails. What is one by another name is
# shown to be so.

use strict;
use warnings;
use T::Who;
use Test::More;

walk_where(sub { !is_of_shares(@_) });

# ---- another method is refused in the format of the path
for my $case ([ PUT => '/api/v1/shares', 'error' ],
    [ PATCH => '/api/collections', 'error' ],
    [ PUT => '/api/user/media', 'message' ],
    [ DELETE => '/login', 'message' ]) {
    my ($method, $path, $word) = @$case;
    my $r = $app->client->request($method, $path);

    is(join(' ', $r->status, sort keys %{ $r->json }), "405 $word",
        "$method $path");
}

# ---- aliases: the same answer, the same changes
sub shape {
    my ($v) = @_;
    return ref $v eq 'HASH'
        ? '{' . join(',', map { "$_:" . shape($v->{$_}) } sort keys %$v) . '}'
        : ref $v eq 'ARRAY' ? '[' . (@$v ? shape($v->[0]) : '') . ']' : '';
}
sub outcome {
    my ($route, $state) = @_;
    my $t = thing($route, $state, 'owner');
    my $token = $route->{pattern} =~ m{/shared/:token$} ? $t->{token} : undef;
    my $before = $token ? openings($token) : 0;
    my $r = answer($route, $state, 'owner');

    settle($token, $before + 1) if $token;
    return join ' ', $r->status, restore($was),
        length $r->body ? shape($r->json) : '';
}
for my $alias (grep { $_->{alias} } @routes) {
    my $route = $route{"$alias->{method} $alias->{alias}"};
    my ($row) = grep { my $row = $_; tries('owner', $row)
        && $row->{want}[ (grep { $row->{callers}[$_] eq 'owner' }
            0 .. $#{ $row->{callers} })[0] ] < 400
        && $row->{state} ne 'shared' } @{ $rows{ $route->{name} } };

    is(outcome($alias, $row->{state}), outcome($route, $row->{state}),
        "$alias->{name} is $route->{name}");
}
finish();
done_testing;
