<?xml version="1.0" encoding="UTF-8"?>
<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">
<SignedInfo>
<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<Reference URI="RN2026501-2-C2026501-230103-v1.xml">
<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
<DigestValue>CONMriQz0ex2FWMOmANS3pZbiW3ml4oQmq01T+n2dCY=</DigestValue>
</Reference>
</SignedInfo>
<SignatureValue>bxNMBjU7HaQ5I8chrSyRLa41Bis8XsltVqBtLbgzDPGUv96QQr/E1oCtPUhR/MhQyIUkaRo4QXtx+dic4sYXOUFf6y5DiwYumJ8RW0//9KOCg7tlr1JkzniBj9ki2p44t7fKt6H44Wq12pp2R/fFZBoese7JLhAC9m/RS3zqxM+ybt53d6tXSGDfa9/SKtYTq/vFGnY0QZMUFDhgSSMufzDTS8hiDr4sOKX7Er/sEWW+uI+rnzOY8BKb5sF9CAQDTrbQs0JnK+9OQW9bDOMwxkLuuNc6iyte72UWq/5QQ7EVE4RBma+hWtVKoVrF9Vi5DCGzLXfPQ8Hv0K4B0ogiXuZj+jN6SY3OijDPz+ZWzenO/mwhvNKHsKm1gHYq+7gOQhVgTmIPEvC/nQutXlU/K/PuJZQzocEk3COHYm6X5hSbDouDBxFO+lhPRhIjV1wzdKjwDPCazjTTlaAoJF/z/iEoNxMNTibTz4ckyT1K3yj7n6twd4c6O/U/AN+Ql5yW</SignatureValue>
</Signature>
