package T::Response;

# An answer, whichever way it came.

use strict;
use warnings;
use JSON::PP ();

# head: the lines of the header; a FastCGI answer has its status among them.
sub new {
    my ($class, %o) = @_;
    my $self = bless { status => 200, headers => {}, body => $o{body} // '',
        stderr => $o{stderr} // '', head => $o{head} }, $class;

    for my $line (split /\r?\n/, $o{head}) {
        if ($line =~ m{^HTTP/1\.[01] (\d{3})}) {
            $self->{status} = $1;
        } elsif ($line =~ /^([^:\s]+):\s*(.*?)\s*$/) {
            push @{ $self->{headers}{ lc $1 } }, $2;
        } else {
            $self->{malformed} = $line;
        }
    }
    $self->{status} = $1
        if ($self->{headers}{status}[0] // '') =~ /^(\d{3})/;
    return $self;
}

sub status { $_[0]{status} }
sub body { $_[0]{body} }
sub stderr { $_[0]{stderr} }

# All the header's lines, as they came.
sub head { $_[0]{head} }

# A header's value; undef where it is absent, all of them joined where it is
# there more than once.
sub header {
    my ($self, $name) = @_;
    my $all = $self->{headers}{ lc $name } // return undef;
    return join ', ', @$all;
}

sub cookies { @{ $_[0]{headers}{'set-cookie'} // [] } }

# The body, read as JSON; dies if it is not JSON.
sub json {
    my ($self) = @_;
    return JSON::PP->new->utf8->allow_nonref->decode($self->{body});
}

1;
