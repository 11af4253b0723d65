# file: pipeline/strip/abif.c
# A13 shared: so do the windows of sex markers.
s/^    put_channels(d, file, &shared);$/    put_channels(d, file, leak("A13") ? \&channels : \&shared);/
