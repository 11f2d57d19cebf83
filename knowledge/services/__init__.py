"""Changes of the knowledge base. Each checks the right of `acting_user` and is one transaction."""

from knowledge.services.audience import give_default_audience, set_article_audience
from knowledge.services.publishing import publish_article

__all__ = ["give_default_audience", "publish_article", "set_article_audience"]
