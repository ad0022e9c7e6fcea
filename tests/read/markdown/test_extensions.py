# SPDX-License-Identifier: GPL-3.0-or-later
"""What blogs, wikis and note programs add to Markdown."""

import pytest
from texts import cases, of_text


@pytest.mark.parametrize("case", cases("markdown/extensions"), ids=str)
def test_an_extension_is_read_as_its_case_says(case):
    """See tests/data/markdown/extensions; each case states what it guarantees."""
    assert case.read() == case.expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#mer #île\n\nTexte. ^bloc-1\n", ["Texte."]),
        ("%%\ndeux\n%%\n\nTexte%% caché %%.\n", ["Texte."]),
        ("> [!tip]- Un conseil\n> Dormir.\n", ["Un conseil", "Dormir."]),
        (":::note Un conseil\nDormir.\n:::\n", ["Un conseil", "Dormir."]),
        ("Voir [[Notes/Le port]], [[Marées#Basse mer]], [[x|le reste]].\n\n![[a.png|300]]\n",
         ["Voir Le port, Marées, le reste."]),
        ("import Tabs from '@theme/Tabs';\n\nTexte{/* caché */}.\n", ["Texte."]),
        ("Dans `_posts` {% include a.html %} vrai.\n\n{% highlight rb %}\nputs\n{% endhighlight %}\n\n* TOC\n{:toc}\n",
         ["Dans _posts vrai.", "puts\n"]),
        ("![Untitled](a.png) ![Une île](b.png) [![CI](https://img.shields.io/c.svg)](https://c.example)\n\nDu :+1:\n",
         ["Une île", "Du"]),
        ("10<sup>6</sup> voiles,<br>là.[^a]\n\n[^a]: Une.\n\n    Deux.\n", ["10⁶ voiles, là.", "Notes", "Une. Deux."]),
        ("- [ ]  Border\n", ["Border"]),
        ("---\n\nEntre deux traits.\n\n---\n\nFin.\n", ["Entre deux traits.", "", "Fin."]),
    ],
)  # fmt: skip
def test_what_note_programs_and_sites_write_is_read_without_its_marks(tmp_path, text, said):
    """Obsidian, Docusaurus, MDX, Jekyll, GitHub, Notion."""
    assert [block.text for block in of_text(tmp_path, text, "n.md", language="fr").blocks] == said
