"""Solutions, prestations, deadlines, filings and notifications, for software: `/api/v1/`."""
