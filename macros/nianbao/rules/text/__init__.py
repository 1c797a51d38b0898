"""What the prose states, read sentence by sentence and held against the data.

To teach the rules a way of saying:

1. Write it into ``tests/unit/sentences.yml``, once with the figures of the example's report of 2024 and once with
   a wrong one, which the rule named by ``wrong`` or ``doubt`` has to find::

       - {at: 依申请, says: "收讫政府信息公开申请86件。", right: 1}
       - {at: 依申请, says: "收讫政府信息公开申请68件。", wrong: X-01}

2. See how it is read: ``python tests/support/reading.py 依申请 "收讫政府信息公开申请68件。"`` prints each clause as
   words with their kinds, ``?`` for what is not known, the figure in brackets, and what it is taken for.
3. Give the word that is not known a line in ``vocabulary.yml``, under the kind and the value of a word that means
   the same and already stands there. A value with a question mark is not certain: a figure that differs from the
   data by a slip of a digit is doubted, and no more. Words with years or numerals in them are ``expressions``.
4. Run ``pytest tests/unit/test_text_rules.py``. A row that was right before and now fails shows what else the word
   means: then it is too short, and a longer one that holds it is the one to add.

Where all words are known and the figure is still not taken for anything, its meaning is missing:
`nianbao.rules.text.meanings` joins words to addresses. Which words and figures before one tell what it is of, says
`nianbao.rules.text.naming`; where a word reaches over clauses, it is what `nianbao.rules.text.reading` leaves open.
Numbers in words (百分之九十八, 两成多) are `nianbao.prose.numerals`.
An error is for what can mean nothing else; what may be meant otherwise is a doubt.
"""
