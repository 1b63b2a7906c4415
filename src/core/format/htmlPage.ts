import { sha256Hex } from '../domain/digest'
import { STYLE } from './htmlStyle'
import { element, xmlText } from './xml'

/**
 * The only script: says how many changes the filter leaves, and opens every fold. Without it the page lacks only that.
 */
const SCRIPT = `
const changes = [...document.querySelectorAll('.change')]
const boxes = [...document.querySelectorAll('.filter input')]
const folds = [...document.querySelectorAll('.fold input')]
const button = document.getElementById('unfold')
const tell = () => {
  const on = boxes.filter((box) => box.checked).map((box) => box.value)
  const shown = changes.filter((change) => on.some((verdict) => change.classList.contains(verdict))).length
  document.getElementById('shown').textContent = shown + ' of ' + changes.length + ' changes shown'
}
for (const box of boxes) box.addEventListener('change', tell)
button.addEventListener('click', () => { for (const fold of folds) fold.checked = true })
button.hidden = folds.length === 0
`

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Hex digits as base64. */
const base64 = (hex: string): string =>
  (hex.match(/.{1,6}/g) ?? []).map((group) => {
    const bits = parseInt(group.padEnd(6, '0'), 16)
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((bits >> shift) & 63)).join('')
    return letters.slice(0, group.length / 2 + 1).padEnd(4, '=')
  }).join('')

const hash = (text: string): string => `'sha256-${base64(sha256Hex(text))}'`

const POLICY = [
  "default-src 'none'",
  `style-src ${hash(STYLE)}`,
  `script-src ${hash(SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'"
].join('; ')

/**
 * A whole page that needs nothing else and may run nothing but its own script. The script is left out where there is
 * nothing to filter.
 */
export const htmlPage = (title: string, body: string, isScripted: boolean): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${POLICY}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="referrer" content="no-referrer"/>
${element('title', {}, xmlText(title))}
<style>${STYLE}</style>
</head>
<body>
${body}${isScripted ? `<script>${SCRIPT}</script>\n` : ''}</body>
</html>
`
