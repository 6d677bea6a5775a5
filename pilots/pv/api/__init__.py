"""The API of pilot Clients: their PV, their requests to the ASP."""
