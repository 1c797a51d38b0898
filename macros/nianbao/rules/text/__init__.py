"""What the prose states, read sentence by sentence and held against the data.

How the rules are taught a way of saying is told in CONTRIBUTING. Where all words are known and a figure is still not
taken for anything, its meaning is missing: `nianbao.rules.text.meanings` joins words to addresses. Which words and
figures before one tell what it is of, says `nianbao.rules.text.naming`; where a word reaches over clauses, it is what
`nianbao.rules.text.reading` leaves open. Numbers in words (百分之九十八, 两成多) are `nianbao.prose.numerals`.
An error is for what can mean nothing else; what may be meant otherwise is a doubt.
"""
