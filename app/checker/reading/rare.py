"""Commands of KaTeX that are seldom typed here.

Some are other spellings of a command that the checker reads. The rest is drawn and has no value: a
line with one of them is unclear, and not unreadable.
"""

SPELLINGS = {
    "succcurlyeq": "succeq",
    "preccurlyeq": "preceq",
    "geqq": "ge",
    "leqq": "le",
    "isin": "in",
    "varpropto": "propto",
    "colonequals": "coloneqq",
    "coloncolonequals": "coloneqq",
    "eqcolon": "eqqcolon",
    "exist": "exists",
    "infin": "infty",
    "plusmn": "pm",
    "dag": "dagger",
    "sdot": "cdot",
    "cdotp": "cdot",
    "centerdot": "cdot",
    "bull": "bullet",
    "empty": "emptyset",
    "lang": "langle",
    "rang": "rangle",
    "real": "Re",
    "image": "Im",
    "thetasym": "vartheta",
    "varkappa": "kappa",
    "varGamma": "Gamma",
    "varDelta": "Delta",
    "varTheta": "Theta",
    "varLambda": "Lambda",
    "varXi": "Xi",
    "varPi": "Pi",
    "varSigma": "Sigma",
    "varUpsilon": "Upsilon",
    "varPhi": "Phi",
    "varPsi": "Psi",
    "varOmega": "Omega",
    "rarr": "rightarrow",
    "Rarr": "Rightarrow",
    "rArr": "Rightarrow",
    "lArr": "Leftarrow",
    "Longleftarrow": "Leftarrow",
    "hArr": "iff",
    "harr": "leftrightarrow",
    "longleftrightarrow": "leftrightarrow",
    "larr": "leftarrow",
    "longleftarrow": "leftarrow",
    "leadsto": "implies",
    "longmapsto": "mapsto",
    "dotso": "dots",
    "dotsi": "dots",
    "dotsx": "dots",
    "mathellipsis": "dots",
    "dbinom": "binom",
    "tbinom": "binom",
    "frak": "mathfrak",
    "Bbb": "mathbb",
    "mathsfit": "mathsf",
    "overrightarrow": "vec",
    "underbar": "underline",
    "textmd": "text",
    "mathclap": "smash",
    "mathrlap": "rlap",
    "mathllap": "llap",
    "clap": "smash",
    "space": " ",
    "nobreakspace": " ",
    "thickspace": ";",
    "negthinspace": "!",
    "negmedspace": "!",
    "negthickspace": "!",
    "tiny": "small",
    "scriptsize": "small",
    "footnotesize": "small",
    "huge": "large",
    "Huge": "large",
    "LARGE": "large",
    "tt": "rm",
    "relax": "rm",
}
NUMBER_SETS = {
    "R": "R",
    "N": "N",
    "Z": "Z",
    "Reals": "R",
    "reals": "R",
    "natnums": "N",
    "Complex": "C",
    "cnums": "C",
}
DRAWN = frozenset(
    """
    Alpha And Beta Bra Braket Bumpeq Cap Chi Colonapprox Colonsim Cup Dagger Darr Doteq
    Downarrow Epsilon Eqcolon Eta Iota Join Kappa Ket Lleftarrow Lrarr Lsh Mu Nu Omicron Rho
    Rrightarrow Rsh Set Subset Supset Tau Uarr Uparrow Updownarrow Vvdash Zeta alef alefsym
    amalg approxcolon approxcoloncolon approxeq arccos arcctg arcsin arctg asymp atop
    backepsilon backprime backsim backsimeq barwedge beth between bigcirc bigodot bigsqcup
    bigstar bigtriangledown bigtriangleup biguplus bigvee bigwedge blacklozenge
    blacktriangledown blacktriangleleft blacktriangleright bowtie boxdot boxminus boxplus
    boxtimes bra brace brack braket bumpeq choose circeq circlearrowleft circlearrowright
    circledast circledcirc circleddash colonapprox coloncolon coloncolonapprox coloncolonminus
    coloncolonsim colonsim colorbox complement coprod cosec cot cotg coth csc ctg cth curlyvee
    curlywedge curvearrowleft curvearrowright dArr daleth darr dashleftarrow dashrightarrow
    dashv ddag ddagger ddddot deg degree diagdown diagup diamond dim divideontimes doteqdot
    dotplus doublebarwedge doublecap doublecup downdownarrows downharpoonleft downharpoonright
    eqcirc eqsim eqslantgtr eqslantless equalscoloncolon fallingdotseq gcd ggg gggtr gimel
    gnapprox gneq gneqq gnsim gtrapprox gtrdot gtreqless gtreqqless gtrless gvertneqq hom
    hookleftarrow hslash imageof injlim intop ker ket lBrace ldotp leftarrowtail leftharpoondown
    leftharpoonup leftleftarrows leftrightarrows leftrightharpoons leftrightsquigarrow
    leftthreetimes lessapprox lessdot lesseqgtr lesseqqgtr lessgtr lhd llbracket llcorner lll
    llless lmoustache lnapprox lneq lneqq lnot lnsim looparrowleft looparrowright lozenge lrArr
    lrarr lrcorner ltimes lvertneqq mapsfrom mathclose mathinner mathopen mathpunct
    measuredangle mho minuscoloncolon minuso multimap nLeftarrow nLeftrightarrow nRightarrow
    nVDash nVdash ncong nearrow nexists ngeq ngeqq ngeqslant ngtr ni nleftarrow nleftrightarrow
    nleq nleqq nleqslant nless nmid notni nparallel nprec npreceq nrightarrow nshortmid
    nshortparallel nsim nsubseteq nsubseteqq nsucc nsucceq nsupseteq nsupseteqq ntriangleleft
    ntrianglelefteq ntriangleright ntrianglerighteq nvDash nvdash nwarrow omicron ominus origof
    overgroup overleftarrow overleftharpoon overleftrightarrow overlinesegment overrightharpoon
    owns pitchfork plim pod precapprox precnapprox precneqq precnsim precsim projlim rBrace rhd
    rightarrowtail rightharpoondown rightharpoonup rightleftarrows rightleftharpoons
    rightrightarrows rightsquigarrow rightthreetimes risingdotseq rmoustache rrbracket rtimes
    searrow sec set shortmid shortparallel simcolon simcoloncolon smallfrown smallsetminus
    smallsmile sout sphericalangle sqcap sqcup sqsubset sqsubseteq sqsupset sqsupseteq subseteqq
    subsetneq subsetneqq succapprox succnapprox succneqq succnsim succsim supe supseteqq
    supsetneq supsetneqq surd swarrow thickapprox thicksim triangle triangledown triangleleft
    trianglelefteq triangleright trianglerighteq twoheadleftarrow twoheadrightarrow uArr uarr
    ulcorner undergroup underleftarrow underleftrightarrow underlinesegment underrightarrow
    unlhd unrhd updownarrow upharpoonleft upharpoonright uplus upuparrows urcorner vDash
    varinjlim varliminf varlimsup varprojlim varsubsetneq varsubsetneqq varsupsetneq
    varsupsetneqq vartriangle vartriangleleft vartriangleright varvdots veebar widecheck
    xLeftarrow xhookleftarrow xhookrightarrow xleftequilibrium xleftharpoondown xleftharpoonup
    xleftrightarrow xleftrightharpoons xmapsto xrightequilibrium xrightharpoondown
    xrightharpoonup xrightleftarrows xrightleftharpoons xtofrom xtwoheadleftarrow
    xtwoheadrightarrow
    """.split()  # noqa: SIM905
)
