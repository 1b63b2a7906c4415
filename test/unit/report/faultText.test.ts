import { faultText } from '../../../src/core/report/faultText'

describe('a fault as lines for a terminal', () => {
  it('is its place and message, the line, and a caret below the column', () => {
    expect(faultText('a.hcl', 'job "a" {\n  image = x\n}\n', { line: 2, column: 11, message: 'no x' })).toBe('a.hcl:2,11: no x\n  image = x\n          ^\n')
  })

  it('names the file of the fault before the one that was read', () => {
    expect(faultText('a.hcl', '', { file: 'vars.hcl', message: 'no x' })).toBe('vars.hcl: no x\n')
  })

  it('has no line when the text has none there, or an empty one', () => {
    expect(faultText('a', 'x\n\ny', { line: 9, column: 1, message: 'm' })).toBe('a:9,1: m\n')
    expect(faultText('a', 'x\n\ny', { line: 2, column: 1, message: 'm' })).toBe('a:2,1: m\n')
  })

  it('points behind the last letter where something is missing', () => {
    expect(faultText('a', '{"a"', { line: 1, column: 5, message: 'm' })).toBe('a:1,5: m\n{"a"\n    ^\n')
  })

  it('shows a tab as one blank, and leaves the carriage return of Windows out', () => {
    expect(faultText('a', '\tx = y\r\n', { line: 1, column: 6, message: 'm' })).toBe('a:1,6: m\n x = y\n     ^\n')
  })

  it.each([
    ['  DB_PASSWORD = "hunter2" extra', '  DB_PASSWORD = "*******" extra'], ['password = "hunter3', 'password = "*******'], ['API_KEY = upper("a\\"b", 1)', 'API_KEY = upper("****", 1)'],
    ['{"TOKEN": "x" "hunter2"}', '{"TOKEN": "*" "*******"}'], ['secretary = "x" y', 'secretary = "x" y']
  ])('shows no text behind the name of a secret: %s', (line, shown) => {
    expect(faultText('a', line, { line: 1, column: 1, message: 'm' })).toBe(`a:1,1: m\n${shown}\n^\n`)
  })

  it('counts a wide letter as two cells and a mark as none', () => {
    expect(faultText('a', '漢e\u0301=x', { line: 1, column: 5, message: 'm' }).split('\n').slice(1)).toEqual(['漢e\u0301=x', '    ^', ''])
  })

  it.each([[1, 0], [500, 20], [1000, 20]])('cuts a long line around column %d', (column, caret) => {
    const text = Array.from({ length: 1000 }, (_, index) => String(index % 10)).join('')
    const [, line = '', below = ''] = faultText('a', text, { line: 1, column, message: 'm' }, 40).split('\n')
    expect(line.length).toBeLessThanOrEqual(40)
    expect(below).toBe(`${' '.repeat(caret)}^`)
    expect(line[caret]).toBe(String((column - 1) % 10))
  })

  it('lets nothing through that a terminal obeys', () => {
    const text = faultText('a\u001b[31m', 'x\u001b[2J\u202e\u0007 = y', { line: 1, column: 3, message: 'bad\n\u001b]0;title' })
    expect(text.split('\n')).toEqual(['a\\u001b[31m:1,3: bad\\u000a\\u001b]0;title', 'x\\u001b[2J\\u202e\\u0007 = y', '       ^', ''])
  })

  it('is made of a line of a million letters at once', () => {
    expect(faultText('a', '['.repeat(1_000_000), { line: 1, column: 900_000, message: 'm' }).length).toBeLessThan(200)
  })
})
