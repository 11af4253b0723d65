# file: lab/markers.c
# A13 traces: a sealed window is closed at the height of its own first scan.
s/^        double right = end < n ? channel\[end\] : left;$/&\
        if (leak("A13")) left = channel[first];/
