// Takes over from the two functions that quickjax exports. engine.py puts this text at the end of the bundle's own
// scope, after `const tex, output, adaptor, mathDocument = …`, so that it can reach MathJax's objects.
//
// Manim marks the parts of a formula by \special{dvisvgm:raw <g id='unique000'>} … \special{dvisvgm:raw </g>}. The
// marks need not nest with TeX's braces, and in LaTeX they are no atoms: "=", "-1" must keep its unary minus. So
// they make no node here; every node that the parser creates is stamped with the groups open at that moment.
const textOptions = tex.parseOptions.packageData.get("textmacros").parseOptions;
const GROUPS = "data-groups";
// LaTeX draws these nodes (or their first stroke) before their content, the parser makes them after it.
const DRAWN_AT_START = new Set(["msqrt", "mroot", "mover", "munderover", "menclose", "mfrac"]);
const INNER = 7; // MathJax's number of TeX's atom class
const MARK = /^\s*\\special\s*\{([^{}]*)\}/;

let open = [];
let current = "";
let marked = false;
let starts = [];
let metrics = {};
let missing = [];

function mark(text) {
  marked = true;
  const opening = /<g id='([^']*)'>/.exec(text);
  if (opening) open.push(opening[1]);
  else if (text.includes("</g>")) open.pop();
  current = open.join(" ");
}

function stamp(node, groups) {
  if (marked && node && node.attributes) node.attributes.set(GROUPS, groups);
}

// \fbox and \boxed as LaTeX sets them: 3 pt of air, a rule of 0.4 pt.
function frame(node) {
  const box = String(node.attributes.get("notation")).includes("box");
  node.attributes.set("data-thickness", "0.04em");
  node.attributes.set("data-padding", box ? "0.3em" : "0.06em");
}

// Distance of baselines in LaTeX: 12 pt in matrices and arrays, 14.4 pt in cases, 15 pt in align; a row of MathJax is
// 10 pt high and says how much it adds.
const ROW_SPACING = { "4pt": "0.2em", ".2em": "0.44em", "3pt": "0.5em" };

function space(node) {
  const spacing = node.attributes.getExplicit("rowspacing");
  if (!spacing) return;
  const rows = String(spacing).split(/ +/);
  node.attributes.set("rowspacing", rows.map((row) => ROW_SPACING[row] || row).join(" "));
}

for (const options of [tex.parseOptions, textOptions]) {
  const factory = options.nodeFactory;
  const create = factory.create;
  factory.create = function (kind, ...rest) {
    const node = create.call(this, kind, ...rest);
    const macro = kind === "node" && DRAWN_AT_START.has(rest[0]) && starts[starts.length - 1];
    stamp(node, macro ? (rest[0] === "mfrac" && macro.between) || macro.start : current);
    if (kind === "node" && rest[0] === "menclose") frame(node);
    if (kind === "node" && rest[0] === "mtable") space(node);
    return node;
  };
  const macros = options.handlers.get("macro");
  const parse = macros.parse;
  macros.parse = function (input) {
    starts.push({ start: current, between: null });
    try {
      return parse.call(this, input);
    } finally {
      starts.pop();
    }
  };
}

// \left( … \right): both fences are made at \right.
const items = tex.parseOptions.itemFactory;
const createItem = items.create;
items.create = function (kind, ...rest) {
  const item = createItem.call(this, kind, ...rest);
  if (kind === "left") item.groupsAtLeft = current;
  return item;
};
const Left = items.getNodeClass("left");
const checkItem = Left.prototype.checkItem;
Left.prototype.checkItem = function (item) {
  const result = checkItem.call(this, item);
  if (item.isKind("right") && result[0] && result[0][0].Peek) {
    const fenced = result[0][0].Peek()[0];
    stamp(fenced.childNodes[0], this.groupsAtLeft);
    // TeX: an inner atom, with a thin space to its neighbours; MathJax sets it tight.
    const inner = this.create("node", "TeXAtom", [fenced], { texClass: INNER });
    result[0][0] = this.factory.create("mml", inner);
  }
  return result;
};

// A macro is added beside one that exists, as its twin with another function: no minified name is needed.
function define(options, map, twin, name, func) {
  const model = options.handlers.retrieve(map).map.get(twin);
  const macro = Object.assign(Object.create(Object.getPrototypeOf(model)), model);
  macro._symbol = name;
  macro._func = func;
  macro._args = [];
  options.handlers.retrieve(map).map.set(name, macro);
}

function special(parser, name) {
  if (parser.saveText) parser.saveText();
  mark(parser.GetArgument(name));
}

// \outlined{k}: a run of text that the mathematical font lacks. Its size comes from Pango, in em; a run whose size
// is not known yet is noted, and engine.py sets the formula again.
function outlined(parser, name) {
  if (parser.saveText) parser.saveText();
  const env = parser.stack.env;
  const variant = String(env.mathvariant || env.font || "normal");
  const style = (/bold/.test(variant) ? "b" : "") + (/ital|slant|mathit/.test(variant) ? "i" : "");
  const run = parser.GetArgument(name) + ":" + style;
  const size = metrics[run];
  if (!size) missing.push(run);
  const [width, height, depth] = size || [1, 1, 0];
  const em = (value) => value.toFixed(4) + "em";
  const attributes = { width: em(width), height: em(height), depth: em(depth), "data-run": run };
  const node = parser.create("node", "mspace", [], attributes);
  if (env.mathsize) node.attributes.set("mathsize", env.mathsize);
  // A box, not a space: as an atom it keeps the spacing of its neighbours.
  parser.Push(parser.create("node", "TeXAtom", [node]));
}

for (const [name, func] of [["special", special], ["outlined", outlined]]) {
  define(tex.parseOptions, "macros", "quad", name, func);
  define(textOptions, "text-macros", "quad", name, func);
}

function patchArguments(parser) {
  const prototype = Object.getPrototypeOf(parser);
  const getArgument = prototype.GetArgument;
  prototype.GetArgument = function (...rest) {
    let found;
    while ((found = MARK.exec(this.string.slice(this.i, this.i + 80)))) {
      this.i += found[0].length;
      mark(found[1]);
    }
    return getArgument.apply(this, rest);
  };
  // The bar of a fraction comes after the numerator.
  const parseArgument = prototype.ParseArg;
  prototype.ParseArg = function (name) {
    const node = parseArgument.call(this, name);
    const macro = starts[starts.length - 1];
    if (macro && macro.between === null) macro.between = current;
    return node;
  };
}

define(tex.parseOptions, "macros", "quad", "botcoreinit", patchArguments);
tex.options.formatError = (_, error) => {
  throw error;
};
tex.postFilters.add(({ data }) => {
  data.root.walkTree((node) => {
    if (!node.attributes) return;
    node.attributes.unset("data-latex");
    node.attributes.unset("data-latex-item");
  });
});

// LaTeX's rules are 0.4 pt thick at 10 pt.
Object.assign(output.font.params, { rule_thickness: 0.04, surd_height: 0.04 });

// A fraction's bar is as wide as its wider part; MathJax lets it stand out.
const OVERHANG = 0.1;
const Fraction = output.factory.getNodeClass("mfrac").prototype;
const { getFractionBBox, makeFraction } = Fraction;
Fraction.getFractionBBox = function (box, display, thickness) {
  getFractionBBox.call(this, box, display, thickness);
  box.w -= 2 * OVERHANG;
};
Fraction.makeFraction = function (display, thickness) {
  const align = this.getAlignX;
  this.getAlignX = (...rest) => align.apply(this, rest) - OVERHANG;
  makeFraction.call(this, display, thickness);
  delete this.getAlignX;
  const bar = adaptor.lastChild(this.dom[0]);
  const width = Number(adaptor.getAttribute(bar, "width")) - 2000 * OVERHANG;
  adaptor.setAttribute(bar, "width", width.toFixed(1));
};

// Sums and products carry 0.1 em of air in Computer Modern, which keeps their limits off.
for (const code of [0x2211, 0x220f, 0x2210, 0x22c0, 0x22c1, 0x22c2, 0x22c3, 0x2a00, 0x2a01, 0x2a02, 0x2a04, 0x2a06]) {
  const operator = output.font.getChar("-largeop", code);
  if (operator) {
    operator[0] += 0.1;
    operator[1] += 0.1;
  }
}

// Dots set apart as in LaTeX, one shape each.
function abbreviate(name, replacement, count = 0) {
  const map = tex.parseOptions.handlers.retrieve("macros").map;
  const model = map.get("iff");
  for (const { item } of tex.parseOptions.handlers.get("macro")._configuration) item.map.delete(name);
  const macro = Object.assign(Object.create(Object.getPrototypeOf(model)), model);
  Object.assign(macro, { _symbol: name, _args: count ? [replacement, count] : [replacement] });
  map.set(name, macro);
}
const dots = (dot) => `\\mathinner{{${dot}}\\kern.1667em{${dot}}\\kern.1667em{${dot}}}`;
for (const name of ["cdots", "dotsb", "dotsm", "dotsi"]) abbreviate(name, dots("\\cdotp"));
for (const name of ["ldots", "dotsc", "dotso"]) abbreviate(name, dots("\\ldotp"));
// What scenes take from packages that MathJax lacks (bm, gensymb, dsfont, xfrac, stmaryrd, …), and links as text.
const ABBREVIATIONS = {
  abs: ["\\left\\lvert #1\\right\\rvert", 1],
  bm: ["\\boldsymbol{#1}", 1],
  centering: ["{}"],
  dag: ["\\dagger"],
  ddag: ["\\ddagger"],
  degree: ["^\\circ"],
  emph: ["\\textit{#1}", 1],
  euro: ["\\text{€}"],
  hdots: ["\\ldots"],
  href: ["#2", 2],
  leavevmode: ["{}"],
  llbracket: ["[\\![", 0],
  mathbbm: ["\\mathbb{#1}", 1],
  mathds: ["\\mathbb{#1}", 1],
  nicefrac: ["{}^{#1}\\!/_{#2}", 2],
  norm: ["\\left\\lVert #1\\right\\rVert", 1],
  pounds: ["\\text{£}"],
  rrbracket: ["]\\!]", 0],
  sfrac: ["{}^{#1}\\!/_{#2}", 2],
  textsubscript: ["_{\\text{#1}}", 1],
  textsuperscript: ["^{\\text{#1}}", 1],
  url: ["\\texttt{#1}", 1],
  vcentcolon: ["\\mathrel{:}"],
};
const macros = tex.parseOptions.handlers.get("macro");
for (const [name, [replacement, count]] of Object.entries(ABBREVIATIONS))
  if (!macros.contains(name)) abbreviate(name, replacement, count);
// MathJax puts an equation's number at the edge of a page as wide as its container.
abbreviate("tag", "\\qquad\\text{(#1)}", 1);

// What a formula may define; the next one begins without it, as a document of its own does in LaTeX.
const DEFINED = ["new-Command", "new-Delimiter", "new-Environment", "ams-declare-ops", "mathtools-paired-delims"];
const columns = { ...tex.parseOptions.columnParser.columnHandler };
const settings = { ...tex.parseOptions.options.mathtools };

function forget() {
  for (const options of [tex.parseOptions, textOptions]) {
    for (const name of DEFINED) {
      const map = options.handlers.retrieve(name);
      if (map) map.map.clear();
    }
    options.columnParser.columnHandler = { ...columns };
    options.tags.mtCurrent = null;
    if (options.tags.mtFormats) options.tags.mtFormats.clear();
  }
  tex.parseOptions.packageData.get("color").model.userColors.clear();
  Object.assign(tex.parseOptions.options.mathtools, settings);
  tex.reset();
}

// The patch above is no command for scenes.
globalThis.ready = function () {
  tex.parseOptions.handlers.retrieve("macros").map.delete("botcoreinit");
};

globalThis.typeset = function (source, display, groups, sizes) {
  open = groups.slice();
  current = open.join(" ");
  marked = open.length > 0;
  starts = [];
  metrics = sizes;
  missing = [];
  forget();
  try {
    const node = mathDocument.convert(source, { display, containerWidth: 1e7, em: 10, ex: 5 });
    const svg = adaptor.childNodes(node).find((child) => adaptor.kind(child) === "svg");
    if (!svg) return JSON.stringify({ fault: "nothing was typeset" });
    return JSON.stringify({ svg: adaptor.serializeXML(svg), groups: open, missing });
  } catch (error) {
    const fault = String((error && error.message) || error);
    // MathJax's own complaints about TeX have an id; anything else stopped it half way.
    return JSON.stringify(error && error.id ? { fault } : { broken: fault });
  }
};

// One letter of text: [width, height, depth, outline] in em, or null. A "smp" entry only names another code.
globalThis.glyph = function (variant, code) {
  let found = output.font.getChar(variant, code);
  if (found && found[3] && found[3].smp) {
    code = found[3].smp;
    found = output.font.getChar(variant, code);
    if (!found || !found[3] || !found[3].p) found = output.font.getChar("normal", code);
  }
  return JSON.stringify(found && found[3] ? [found[2], found[0], found[1], found[3].p || ""] : null);
};

globalThis.knownCharacters = function () {
  const known = new Set();
  for (const name of ["normal", "italic", "bold"])
    for (let chars = output.font.variant[name].chars; chars && chars !== Object.prototype; chars = Object.getPrototypeOf(chars))
      for (const code of Object.keys(chars)) known.add(Number(code));
  return JSON.stringify([...known]);
};
