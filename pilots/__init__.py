"""RIS pilots, VA and préfigurateurs (DOMAIN §5 to §8)."""
