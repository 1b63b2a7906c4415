// One file of declarations for each entry of the library, with every type that its exports mention and nothing else. It stands alone: a
// type of fp-ts or io-ts in it would make every consumer need that package, so it fails the build.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import ts from 'typescript'

/** Writes NAME.d.mts and NAME.d.cts for each of `entries` (name to source file). Packages in `allowed` may be imported. */
export const writeDeclarations = (root, out, entries, allowed) => {
  const tree = mkdtempSync(join(out, 'types-'))
  try {
    emitTree(root, tree, Object.values(entries))
    const files = Object.values(entries).map((file) => join(tree, file.replace(/^src\//, '').replace(/\.ts$/, '.d.ts')))
    const program = ts.createProgram(files, { ...optionsOf(root), noEmit: true })
    Object.keys(entries).forEach((name, index) => {
      const text = rolled(program, program.getSourceFile(files[index]), tree, allowed)
      writeFileSync(join(out, `${name}.d.mts`), text)
      writeFileSync(join(out, `${name}.d.cts`), text)
    })
  } finally {
    rmSync(tree, { recursive: true })
  }
}

const optionsOf = (root) => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.lib.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] , files: ['src/lib/index.ts'] }, ts.sys, root)
  return options
}

const emitTree = (root, tree, files) => {
  const program = ts.createProgram(files.map((file) => join(root, file)), {
    ...optionsOf(root), noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: join(root, 'src'), outDir: tree
  })
  const faults = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics]
  if (faults.length > 0) throw new Error(ts.formatDiagnostics(faults, { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' }))
}

const rolled = (program, entry, tree, allowed) => {
  const checker = program.getTypeChecker()
  const original = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)
  const imports = new Set()
  const taken = new Map()
  const blocks = []

  /** Takes a symbol's declarations over, and then those of all that they mention. `types`: what is a value by the same name stays behind. */
  const take = (symbol, types) => {
    const known = taken.get(symbol.name)
    if (known === symbol) return
    if (known !== undefined) throw new Error(`two public types are named ${symbol.name}: rename one`)
    taken.set(symbol.name, symbol)
    const statements = symbol.declarations.map(statementOf).filter((one) => !types || ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one))
    if (statements.length === 0) throw new Error(`${symbol.name} is a value where a type is needed`)
    for (const statement of statements) blocks.push(followsFromValue(statement) ? spelledOut(checker, statement) : textOf(statement, mentioned(statement)))
  }

  /** Each name in a statement that stands for something elsewhere; answers where a local name has to become the original one. */
  const mentioned = (statement) => {
    const renamed = []
    const visit = (node) => {
      if (ts.isImportTypeNode(node)) throw new Error(`write the type out: ${node.getText()} in ${node.getSourceFile().fileName}`)
      if (ts.isIdentifier(node)) mention(node, renamed)
      else ts.forEachChild(node, visit)
    }
    ts.forEachChild(statement, visit)
    return renamed
  }

  const mention = (node, renamed) => {
    const symbol = checker.getSymbolAtLocation(node)
    if (symbol === undefined) return
    const from = packageOf(symbol)
    if (from !== undefined) {
      if (!allowed.includes(from)) throw new Error(`${node.getSourceFile().fileName}: ${node.text} is of ${from}, which a consumer does not have`)
      imports.add(`import * as ${node.text} from '${from}'`)
      return
    }
    const target = original(symbol)
    const [declaration] = target.declarations ?? []
    if (declaration === undefined || !isTopLevel(declaration) || !declaration.getSourceFile().fileName.startsWith(tree)) return
    take(target, true)
    if (target.name !== node.text) renamed.push([node, target.name])
  }

  for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(entry))) {
    const typeOnly = symbol.declarations.some((one) => ts.isExportSpecifier(one) && (one.isTypeOnly || one.parent.parent.isTypeOnly))
    take(original(symbol), typeOnly)
  }
  const names = checker.getExportsOfModule(checker.getSymbolAtLocation(entry)).map(({ name }) => name).sort()
  return `${[...imports, ...blocks].join('\n\n')}\n\nexport { ${names.join(', ')} }\n`
}

/** The package of an imported name, as `import * as fc from 'fast-check'` or `import { Either } from 'fp-ts/Either'` brings it. */
const packageOf = (symbol) => {
  const declaration = symbol.declarations?.find((one) => ts.findAncestor(one, ts.isImportDeclaration))
  const specifier = declaration && ts.findAncestor(declaration, ts.isImportDeclaration)?.moduleSpecifier.text
  return specifier === undefined || specifier.startsWith('.') ? undefined : specifier
}

/** Whether a type is said in terms of a value (`typeof`), which stays behind. */
const followsFromValue = (node) => ts.isTypeQueryNode(node) || (ts.forEachChild(node, followsFromValue) ?? false)

const SPELLED = ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.InTypeAlias
const EVERYWHERE = ['Readonly', 'ReadonlyArray', 'Record']

/** Such a type with what it comes to, a line for each of its alternatives. Made of plain things only: names of others would be missing. */
const spelledOut = (checker, statement) => {
  const type = checker.getTypeAtLocation(statement.name)
  const lines = (type.isUnion() ? type.types : [type]).map((one) => {
    const node = checker.typeToTypeNode(one, undefined, SPELLED)
    const name = foreignIn(node)
    if (name !== undefined) throw new Error(`write the type out: ${statement.name.text} comes to ${name}`)
    ts.setEmitFlags(node, ts.EmitFlags.SingleLine)
    return `  | ${ts.createPrinter().printNode(ts.EmitHint.Unspecified, node, statement.getSourceFile())}`
  })
  const [doc = ''] = /^\s*\/\*\*[\s\S]*?\*\//.exec(statement.getFullText()) ?? []
  return `${doc.trim()}\ntype ${statement.name.text} =\n${lines.join('\n')}`
}

const foreignIn = (node) =>
  (ts.isTypeReferenceNode(node) && !EVERYWHERE.includes(node.typeName.text) ? node.typeName.text : undefined) ?? ts.forEachChild(node, foreignIn)

const isTopLevel = (declaration) => ts.isSourceFile(statementOf(declaration)?.parent ?? declaration.parent)

const statementOf = (declaration) => (ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration)

/** A statement with its docstring, not exported by itself, names replaced. */
const textOf = (statement, renamed) => {
  const file = statement.getSourceFile()
  const [start, end] = [statement.getFullStart(), statement.getEnd()]
  const text = [...renamed]
    .sort(([a], [b]) => b.getStart() - a.getStart())
    .reduce((made, [node, name]) => made.slice(0, node.getStart() - start) + name + made.slice(node.getEnd() - start), file.text.slice(start, end))
  return text.trim().replace(/^((?:\/\*\*[\s\S]*?\*\/\s*)?)export (?=(?:declare|interface|type) )/, (_all, doc) => doc)
    .replace(/^((?:\/\*\*[\s\S]*?\*\/\s*)?)(?=(?:const|function) )/, (_all, doc) => `${doc}declare `)
}
