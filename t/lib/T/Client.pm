package T::Client;

# What a person's browser or script does: keeps cookies, sends credentials,
# builds bodies. The way to the server is a function.

use strict;
use warnings;
use JSON::PP ();
use T::Fcgi;
use T::Http;
use T::OpenApi;
use T::Pictures;

# over: a function that takes (method, target, headers, body, timeout, params)
# by name and returns a T::Response.
sub new {
    my ($class, %o) = @_;
    return bless { cookies => {}, headers => {}, %o }, $class;
}

# Straight to the pool's socket, a connection for each request.
sub fcgi {
    my ($class, $where) = @_;
    return $class->new(over => sub { T::Fcgi->new($where)->request(@_) });
}

sub http {
    my ($class, $address) = @_;
    return $class->new(over => sub {
        T::Http->request(address => $address, @_) });
}

# A header that goes with every request; undef ends it.
sub always {
    my ($self, $name, $value) = @_;
    if (defined $value) {
        $self->{headers}{$name} = $value;
    } else {
        delete $self->{headers}{$name};
    }
    return $self;
}

sub forget { $_[0]{cookies} = {}; return $_[0] }
sub cookie { $_[0]{cookies}{ $_[1] } }

# A request. Bodies: body with headers, or json => data, form => [pairs],
# multipart => [name => value | {filename, type, body}, ...].
sub request {
    my ($self, $method, $target, %o) = @_;
    my %header = (%{ $self->{headers} }, %{ $o{headers} // {} });
    my $body = $o{body};

    if (exists $o{json}) {
        $body = JSON::PP->new->utf8->canonical->allow_nonref->encode($o{json});
        $header{'Content-Type'} //= 'application/json';
    } elsif ($o{form}) {
        $body = form(@{ $o{form} });
        $header{'Content-Type'} //= 'application/x-www-form-urlencoded';
    } elsif ($o{multipart}) {
        ($header{'Content-Type'}, $body) = multipart(@{ $o{multipart} });
    }
    if (%{ $self->{cookies} }) {
        $header{Cookie} //= join '; ', map { "$_=$self->{cookies}{$_}" }
            sort keys %{ $self->{cookies} };
    }
    my $r = $self->{over}->(method => $method, target => $target,
        headers => \%header, defined $body ? (body => $body) : (),
        $o{timeout} ? (timeout => $o{timeout}) : (),
        $o{params} ? (params => $o{params}) : ());
    $self->keep($_) for $r ? $r->cookies : ();
    T::OpenApi->add(method => $method, target => $target,
        type => $header{'Content-Type'}, body => $body, answer => $r);
    return $r;
}

sub keep {
    my ($self, $line) = @_;
    my ($name, $value) = $line =~ /^([^=]+)=([^;]*)/ or return;

    if ($value eq '' || $line =~ /;\s*max-age=0\b/i) {
        delete $self->{cookies}{$name};
    } else {
        $self->{cookies}{$name} = $value;
    }
}

sub get { shift->request(GET => @_) }
sub head { shift->request(HEAD => @_) }
sub post { shift->request(POST => @_) }
sub put { shift->request(PUT => @_) }
sub patch { shift->request(PATCH => @_) }
sub delete { shift->request(DELETE => @_) }

# Signs in by cookie.
sub login {
    my ($self, $user, $password) = @_;
    return $self->post('/api/auth/login',
        json => { username => $user, password => $password });
}

# The file object of a picture of T::Pictures that is put in under a name.
sub uploaded {
    my ($self, $name, $picture) = @_;
    my $r = $self->post('/api/user/media', multipart => [ file => {
        filename => $name, body => T::Pictures->content($picture) } ]);

    die "$name is not taken: " . $r->body if $r->status != 201;
    return $r->json->{files}[0];
}

# Everything but letters, digits and -._~ as %XX.
sub escape {
    my ($text) = @_;
    return $text =~ s/([^A-Za-z0-9\-._~])/sprintf '%%%02X', ord $1/ger;
}

sub form {
    my @out;
    while (my ($name, $value) = splice @_, 0, 2) {
        push @out, escape($name) . '=' . escape($value);
    }
    return join '&', @out;
}

sub multipart {
    my $boundary = 'vitrine-' . join '', map { int rand 10 } 1 .. 24;
    my $out = '';

    while (my ($name, $value) = splice @_, 0, 2) {
        $out .= "--$boundary\r\nContent-Disposition: form-data; name=\"$name\"";
        if (ref $value) {
            my $file = $value->{filename} =~ s/["\r\n]/sprintf '%%%02X', ord $&/ger;
            $out .= "; filename=\"$file\"\r\nContent-Type: "
                . ($value->{type} // 'application/octet-stream');
            $value = $value->{body};
        }
        $out .= "\r\n\r\n$value\r\n";
    }
    return ("multipart/form-data; boundary=$boundary", "$out--$boundary--\r\n");
}

1;
