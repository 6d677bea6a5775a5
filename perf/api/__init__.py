"""The API of organisations' software and the webhook of the ANS's supervision, under `/api/v1/`."""
