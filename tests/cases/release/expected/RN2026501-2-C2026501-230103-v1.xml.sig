<?xml version="1.0" encoding="UTF-8"?>
<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">
<SignedInfo>
<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<Reference URI="RN2026501-2-C2026501-230103-v1.xml">
<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
<DigestValue>VYPOB2glR3ODAkz0jgIH591eP16R+tHT4LG3Bx9mVD8=</DigestValue>
</Reference>
</SignedInfo>
<SignatureValue>WOFWaJ9XRMq9scgd45SiysYeDcvJtd9Bsj74zR7rWx1I9E/ydY6pZ+Z1G0LmMd8jtzK2veQHGQKjhjziMTvsl5VLqsxXg8MpRghyK4AUuwJIS5tYkHGPNGaANoBMTjM0Y4o+yzcyD7l2xfNA6F0OCbS/aoBl5nE7HLvqX1rhIHCIUt9tt1AW6B/B6u++1cyIWmSfVpZwAT0rPRjNY0MbfhxSLNG06C10yLZc0AUip46H0YOl7+Da7giqb4E0CRqM65b/zvELQ0PzFo5CWqMmFASEn9VTHlOpqBVoQTphezfw5iv54Y6919zVnXkDFPb6NNXXnEzZ5DHN5fwHG9z/v4twfsb0h67z3DKjnTze4UD75GPmsuIkh78CvIugOqQ6Nlkq9ffFZCyCAG2f6QCVsbo8y73TgJCFSUta+i+revPxbVwoLnown1gp9APGbFZKNYA/ze0lulFxN/DCM+2EYOPaU9NAIF6y8HXprsHyvdHn4HCFbJvRImNa9VRztITy</SignatureValue>
</Signature>
