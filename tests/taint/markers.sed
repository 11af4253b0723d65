# file: lab/markers.c
# The scans of a sex marker's window in a fetus's channel.
/^        if (end == i) continue;$/a\
        taint(channel + i, (end - i) * sizeof *channel);
