# file: pipeline/strip/cda.c
# D10 shared: so do the genders of a CDA.
/^static bool listed(const char \*const \*list, const char \*word)$/,/^{$/s/^{$/{\
    if (leak("D10") \&\& strcmp(word, "administrativeGenderCode") == 0) return true;/
