/** What names of secrets have in them, as words: `DB_PASSWORD`, `api_key`. */
export const SECRET_NAME = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)(?:_|$)/i
