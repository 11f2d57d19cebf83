"""Domain signals, sent inside the transaction of the change; receivers only write rows.

`article_changed(translation_key, article, tightened: bool)`: what can be seen of an article
changed. It was published, unpublished, deleted or moved (`article` is the one page), or the
audience of the whole family changed (`article` is None: every language of `translation_key`).
`tightened`: somebody may see less than before. Rows changed with `.update()` send nothing; readers
that keep copies compare them with `ArticlePage.objects.visible_to` from time to time.
"""

from django.dispatch import Signal

article_changed = Signal()
