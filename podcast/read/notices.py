# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of page furniture: redirects, cookies, newsletters, share bars, advertisements, paywalls, links to other texts.

Patterns of whole paragraphs, in the languages of which pages are read most; a word in a sentence is none.
"""

import re

from podcast.read.common import SIGNS

NOTICES = re.compile(
    r"""(?ix) ^\W*(?:
      # French
        si\ vous\ n.?[êe]tes\ pas\ redirig.{1,80}
      | vous\ allez\ [êe]tre\ redirig.{1,80}
      | cliquez\ ici(?:\ (?:pour|si|afin|et)\b.{0,60})?
      | partages?
      | suivez\ toute\ l.actualit[ée]\b.{0,160}
      | (?:partager|partagez)(?:\ (?:sur|cet\ article|l.article|via|par)\b.{0,80})?
      | (?:lire|voir|à\ lire)\ aussi\b.{0,120}
      | (?:recevez|recevoir)\ (?:notre|la|nos)\ (?:newsletter|infolettre|lettre)\b.{0,120}
      | (?:to\ view\ this\ video|(?:please\ )?enable\ javascript|(?:veuillez\ )?active[rz]\ javascript)\b.{0,120}
      | voir\ cette\ publication\ sur\ instagram | view\ this\ post\ on\ instagram
      | (?:abonnez|inscrivez)-vous\ (?:à|a)\ (?:notre|la)\ (?:newsletter|lettre|infolettre).{0,120}
      | l.espace\ des\ (?:contributions|commentaires)\ est\ r[ée]serv[ée].{0,120}
      | (?:(?:copyright\W+)?\d{4}.{0,60})?tous\ droits\ r[ée]serv[ée]s.{0,80}
      | (?:retour\ |revenir\ )?en\ haut(?:\ de\ (?:la\ )?page)? | haut\ de\ (?:la\ )?page
      | suivez-nous\ sur\b.{0,80}
      | (?:[ée]coute[rz]|offr(?:ir|ez)|sauvegarder|imprime[rz]|commente[rz])\ (?:l.|cet\ )article\b.{0,40}
      | (?:cet|l.)\ ?article\ a\ (?:bien\ )?[ée]t[ée]\ ajout[ée]\b.{0,60}
      | vous\ avez\ aim[ée]\ (?:cet\ article|ce\ (?:billet|texte|contenu))\ ?\?.{0,120}
      | (?:cet\ article|cette\ page)\ vous\ a-t-(?:il|elle)\ [ée]t[ée]\ utile.{0,40}
      | une\ erreur\ .{0,30}\bveuillez\ r[ée]essayer.{0,40}
      | signaler\ (?:une\ erreur|ce\ contenu|un\ (?:abus|probl[èe]me))\b.{0,40} | r[ée]agi(?:r|ssez)\ à\ cet\ article
      | (?:laisse[rz]|ajoute[rz]|publie[rz])\ un\ commentaire\b.{0,40}
      | votre\ adresse\ (?:e-?mail|de\ messagerie|[ée]lectronique)\ ne\ sera\ pas\ publi[ée]e\b.{0,120}
      | copier\ le\ lien | lien\ copi[ée] | passer\ la\ publicit[ée] | inscrivez-vous\ gratuitement
      | (?:lire|afficher)\ (?:la\ suite|plus)(?:\ de\ (?:l.|cet\ )article)? | taille\ d(?:u\ texte|e\ (?:la\ )?police)
      | (?:image|photo|diapo(?:sitive)?|vue|slide)\ \d+\W{1,3}(?:(?:sur|of|de)\W{1,3})?\d+
      | (?:cliquez\ pour\ )?agrandir(?:\ (?:l.image|la\ (?:photo|carte)))? | contenu\ de\ l.article
      | (?:podcast|vid[ée]o)\ [-–—:|]\ (?:[ée]coutez|regardez|listen|watch)\b.{0,80}
      | suivez\ .{1,80}\bavec\ (?:l.|notre\ )appli(?:cation)?\b.{0,40}
      | (?:au\ )?sommaire | table\ des\ mati[èe]res | dans\ cet\ article
      | ajoute[rz]\ (?:à|l.article\ à)\ (?:vos|mes)\ (?:favoris|articles)\b.{0,40}
      | temps\ de\ lecture\W{1,5}.{0,40} | \d{1,3}\ min(?:utes?)?\ de\ lecture
      | (?:publi[ée]e?|mis\ à\ jour|modifi[ée]e?|post[ée]e?)\ (?:le|il\ y\ a)\b
        (?:[^.]|\b\w{3,5}\.(?=\ \d)){0,60}\d(?:[^.]|\b\w{3,5}\.(?=\ \d)){0,60}
      | (?:tags?|mots[ -]cl[ée]s|keywords|[ée]tiquettes)\ ?:.{0,160}
      | (?:la\ )?derni[èe]re\ (?:modification|mise\ à\ jour|r[ée]vision)\b[^.]{0,60}\d{4}[^.]{0,40}
      | (?:cr[ée]dits?(?:\ photos?)?|photos?(?:\ \(cc\))?|image\ (?:illustrative|d.illustration))\ ?[:©].{1,80}
      | (?:acc[èe]s|lecture)\ illimit[ée]e?s?\b(?=.*\b(?:articles?|contenus?|site|journal|[ée]ditions?)\b)[^.!?]{1,80}
      | sans\ engagement\b[^.!?]{0,60}
      | r[ée]siliable\ à\ tout\ moment | choisissez\ votre\ (?:offre|formule|abonnement) | d[ée]bloquez\ cet\ article
      | ce\ contenu\ (?:est\ bloqu[ée]|n.est\ pas\ (?:affich|disponible)|n.a\ pas\ pu)[^.!?]{0,80}
        (?:\bcookies\b.{0,200})?
      | (?:afficher|voir|charger)\ (?:le|ce)\ contenu(?:\ externe)? | contenu\ (?:externe|bloqu[ée])
      | (?:en\ cliquant|pour\ (?:afficher|visualiser|voir|consulter))\b.{1,80}\b(?:cookies|traceurs)\b.{0,200}
      # English
      | unlimited\ (?:(?:online|digital)\ )?access\b(?=.*\b(?:online|digital|articles?|content|website|edition)\b)
        [^.!?]{1,80}
      | cancel\ (?:at\ )?any\ ?time
      | choose\ your\ (?:plan|subscription) | (?:show|load|view)\ (?:external\ )?content | external\ content
      | (?:this\ content\ is\ (?:blocked|hosted\ by)|to\ (?:view|see|show)\ this\ (?:content|video))\b
        .{1,120}\bcookies\b.{0,200}
      | if\ you\ (?:are|were|have)\ not\ (?:been\ )?(?:automatically\ )?redirected.{0,80}
      | (?:you\ are\ being|you\ will\ be)\ redirected.{0,80}
      | click\ here(?:\ (?:to|if|for|and)\b.{0,60})?
      | this\ article\ (?:first\ )?appeared\ in\ the\ .{1,60}\ (?:print\ )?edition\b.{0,200}
      | join\ [\d.,]+\ other\ subscribers | rejoignez\ les\ [\d\s]+autres\ abonn[ée]s
      | a\ version\ of\ this\ (?:article|story|review)\ appear(?:s|ed)\ in\ print\b.{0,240}
      | do\ you\ have\ an\ opinion\ on\ the\ issues\ raised\ in\ this\ article\b.{0,320}
      | share(?:\ (?:this|on|via)\b.{0,80})?
      | (?:read|see)\ (?:also|next|more)\b.{0,120}
      | (?:subscribe|sign\ up)\ (?:to|for)\ (?:our|the|my)\ (?:newsletter|mailing\ list).{0,120}
      | (?:(?:copyright\W+)?\d{4}.{0,60})?all\ rights\ reserved.{0,80}
      | \d{1,5}\ (?:comments?|commentaires?) | .{0,200}\bunsubscribe\ from\ this\ list.{0,80}
      | (?:back\ |return\ )?to\ (?:the\ )?top(?:\ of\ (?:the\ )?page)?
      | follow\ us\ on\b.{0,80}
      | reporting\ by\ .{1,160}\b(?:editing|writing|reporting)\ by\b.{1,160}
      | (?:follow|see|read)\ .{1,30}\bfull\ coverage\b.{0,120}
      | (?:like|enjoy(?:ed)?)\ this\ (?:story|article|post)\ ?\?.{0,80}
      | (?:was\ this\ (?:article|page|post|story)|found\ this)\ (?:helpful|useful).{0,60}
      | (?:write|email)\ to\ .{1,60}\ at\ \S+@\S+ | have\ a\ (?:news\ )?tip\?.{0,240}
      | (?:get|have)\ (?:the\ latest|our)\b.{0,60}\ (?:in|to)\ your\ inbox\b.{0,120}
      | this\ copy\ is\ for\ your\ personal,\ non-commercial\ use\b.{0,320} | order\ reprints
      | an\ error\ (?:has\ )?occurred\b.{0,20}\bplease\ try\ again\b.{0,40}
      | loading(?:\ (?:photo\ )?(?:gallery|comments?|videos?|more)\b.{0,20})? | chargement(?:\ en\ cours)?
      | (?:leave|post|write)\ a\ (?:comment|reply)\b.{0,40} | your\ e-?mail\ address\ will\ not\ be\ published\b.{0,120}
      | copy\ (?:the\ )?link | link\ copied | show\ (?:more|less) | continue\ reading | text\ size | article\ content
      | click\ to\ (?:enlarge|zoom|expand) | enlarge\ (?:this\ )?image | watch\ more\ videos
      | updated\ at\ \d{1,2}[:.]\d\d.{0,30} | wait\ \d+\ seconds?\ to\ continue
      | (?:listen\ to|save|print|gift|bookmark)\ (?:this\ )?(?:article|story)\b.{0,40}
      | (?:article|story)\ continues\ (?:below|after)\b.{0,60}
      | (?:est(?:imated|\.)\ )?reading\ time\W{1,5}.{0,40} | \d{1,3}[\ -]min(?:ute)?s?\ read
      | (?:published|posted|updated|last\ (?:updated|modified))(?:\ on|\ at|:)?\ [^.]{0,60}\d{4}[^.]{0,40}
      | (?:photo|image|picture)\ ?(?:credits?|by|courtesy)\b\W.{1,80}
      | our\ standards:\ the\ .{1,30}\ trust\ principles
      | copyright\W+\d{4}.{0,80}
      | (?:table\ of\ )?contents | (?:in|on)\ this\ (?:article|page|post)
      | (?:.{0,80}\ )?view\ (?:this\ (?:email|message)|it)\ in\ (?:your|a)\ browser
      | our\ mailing\ address\ is:.{0,200} | want\ to\ change\ how\ you\ receive\ these\ emails\?.{0,200}
      | skip\ to\ (?:main\ )?content
      | the\ post\b.{1,200}\ appeared\ first\ on\b.{0,120}
      | (?:l.article|cet\ article)\b.{1,200}\ est\ apparu\ en\ premier\ sur\b.{0,120}
      | (?:advertisement|publicité|sponsored(?:\ content)?|contenus?\ sponsoris[ée]s?)
      | skip\ advertisement | (?:after|skip\ past)\ newsletter\ promotion
      | la\ suite\ apr[èe]s\ cette\ (?:publicit[ée]|vid[ée]o)
      | related(?:\ (?:topics|articles?|posts?|stories|links|reading|content))?
      | more\ (?:on\ this\ (?:story|topic)|from\ .{1,60})
      | (?:you\ (?:may|might)\ also\ (?:like|enjoy)|recommended)\b.{0,40}
      | sur\ le\ m[êe]me\ (?:sujet|th[èe]me) | (?:articles|contenus)\ (?:similaires|li[ée]s|associ[ée]s|connexes)
      | (?:vous\ aimerez|à\ (?:d[ée]couvrir|voir))\ aussi
      # German, Spanish, Italian, Portuguese
      | (?:lesen\ sie|mehr\ zum\ thema|lee|lea|leggi|leia)(?:\ auch|\ tambi[ée]n|\ anche|\ tamb[ée]m)?\ ?:\ .{0,120}
      | (?:lesen\ sie\ auch|lee\ tambi[ée]n|lea\ tambi[ée]n|leggi\ anche|leia\ tamb[ée]m|puedes\ ver)\b.{0,120}
      | (?:czytaj|zobacz|przeczytaj|lees)\ (?:też|także|również|ook)\b.{0,120}
      | (?:empfohlene[rn]?\ )?externe[rn]?\ inhalte?n?(?:\ (?:anzeigen|laden|aktivieren))?
      | inhalte?\ (?:anzeigen|laden)
      | empfohlener\ redaktioneller\ inhalt | an\ dieser\ stelle\ .{1,60}\bexterne[rn]?\ inhalt.{0,240}
      | (?:ich\ bin|mit\ ihrer\ zustimmung)\b.{1,80}\bexterne\ inhalte\b.{0,200}
      | unbegrenzter\ zu(?:gang|griff)\b(?=.*(?:artikel|inhalt|website))[^.!?]{1,80} | jederzeit\ k[üu]ndbar
      | acceso\ ilimitado\b(?=.*\b(?:art[íi]culos|contenidos?|web)\b)[^.!?]{1,80}
      | contenido\ externo | contenuto\ esterno
      | anzeige | werbung | publicidad | pubblicità | publicidade | reklama | inhalt(?:sverzeichnis)?
      | (?:(?:titel|symbol|archiv|beitrags)?(?:fotos?|bild(?:er|quelle|nachweis)?)|im[áa]gen(?:es)?)\ ?[:©].{1,80}
      | (?:(?:quelle|fuente|fonte|źródło)\ ?:[^.!?]{1,60})
      | (?:zuletzt\ |letzte\ )?(?:aktualisier(?:t|ung)|[äa]nderung)(?:\ am|:)?\ [^.]{0,20}\d{1,2}\.[^!?]{1,40}
      | (?:copyright\W+)?(?:.{0,60}\b)?(?:alle\ rechte\ vorbehalten|todos\ los\ derechos\ reservados
        |todos\ os\ direitos\ reservados|tutti\ i\ diritti\ riservati)\b.{0,80}
      | (?:(?:noch\ )?keine\ (?:kommentare|bewertungen)|kommentare\ (?:sind\ )?geschlossen)\b.{0,80}
      | comments\ are\ closed.{0,40} | les\ commentaires\ sont\ (?:ferm|clos).{0,40}
      | (?:war|fanden\ sie|fandest\ du)\ (?:der|dieser|diesen|den)\ (?:artikel|beitrag)\ .{0,10}(?:n[üu]tzlich
        |hilfreich)
      | (?:m[öo]chten\ sie|wie\ bewerten\ sie)\b.{0,12}\b(?:artikel|beitrag)\b.{0,20}
      | (?:(?:den|diesen)\ )?(?:artikel|beitrag|seite)\ (?:teilen|drucken|empfehlen|bewerten)\b.{0,30}
      | (?:zum|unseren?|jetzt)\ newsletter\b.{0,60}
      | s[íi]gu[ea]nos\ en\b.{0,160} | (?:¿?ya\ )?sab[íi]as\ que\b.{0,60}\btelegram\b.{0,120}
      # Russian, Ukrainian, Japanese, Chinese, Korean, Arabic
      | поделиться(?:\ (?:в|на|с)\ .{1,40}|\ ссылкой|\ статьёй)? | поширити(?:\ (?:в|у|на)\ .{1,40})?
      | читайте\ так(?:же|ож)\b.{0,120} | подпи(?:шитесь|сывайтесь)\ на\ (?:нас|наш|канал|рассылку).{0,100}
      | все\ права\ защищены.{0,60} | усі\ права\ захищено.{0,60}
      | (?:この)?(?:記事|ページ)を(?:シェア|共有)(?:する)? | シェアする | あわせて読みたい.{0,60}
      | 分享(?:到.{1,20}|至.{1,20}|本文|此文|这篇文章|這篇文章)? | (?:相关阅读|相關閱讀|延伸阅读|延伸閱讀).{0,80}
      | (?:责任编辑|責任編輯)\s?[:：].{1,20} | (?:版权所有|版權所有).{0,60}
      | (?:이\ )?기사\ ?공유(?:하기)? | 공유하기 | 무단\ ?전재.{0,60}
      | شارك\ (?:المقال|هذا\ المقال|الخبر|على\ .{1,30}) | اقرأ\ أيض.{0,120} | جميع\ الحقوق\ محفوظة.{0,60}
      # of all who ask to be followed
      | follow\ .{1,40}\ on\ (?:twitter|facebook|instagram|x\b|tiktok|youtube|linkedin).{0,160}
      | (?:download\ our|get\ (?:the\ latest|our))\ .{0,80}\bapps?\b.{0,40} | for\ the\ latest\ .{1,80}\bapps?\b.{0,60}
      | subscribe\ (?:now|today|here)\b.{0,100}
      | if\ you\ (?:enjoyed|liked)\ (?:reading\ )?this\ (?:post|article|story)\b.{0,160}
    )\W*$"""
)
"""A whole paragraph that is page furniture: never narrated."""
MORE = re.compile(
    r"""(?ix) ^\W*(?:
      explore\ further | what\ to\ read\ next | (?:read|see)\ (?:also|next|more) | (?:most|also)\ (?:read|popular)
      | (?:latest|more|popular|recent|recommended|related|similar)\ (?:news|articles?|posts?|stories|content|topics)
      | you\ (?:may|might)\ also\ (?:like|enjoy|be\ interested\ in) | (?:latest|recent)\ comments
      | (?:sur\ le\ m[êe]me\ (?:sujet|th[èe]me)|(?:articles|contenus)\ (?:similaires|li[ée]s|associ[ée]s
        |connexes|r[ée]cents))
      | (?:(?:vous\ aimerez|[àa]\ (?:lire|d[ée]couvrir|voir)|lire)\ aussi|les\ plus\ lus|derniers\ articles)
      | derni[èe]res?\ (?:news|infos?|actus?|actualit[ée]s)\b[^.!?]{0,60} | [àa]\ lire\ [ée]galement
      | la\ r[ée]daction\ vous\ (?:conseille|recommande) | nos\ (?:derni[èe]res\ )?vid[ée]os
      | (?:das|dies)\ (?:k[öo]nnte|d[üu]rfte)\ .{2,6}\ (?:auch\ )?(?:noch\ )?interessieren
      | auch\ (?:interessant|lesenswert)
      | mehr\ (?:zum\ thema|(?:aus|von|zu|auf)\ [^.!?]{1,40}|themen|artikel|beitr[äa]ge)
      | weitere\ (?:aktuelle\ )?(?:artikel|beitr[äa]ge|themen|meldungen|nachrichten|news)(?:\ [^.!?]{1,40})?
      | (?:[äa]hnliche|verwandte|empfohlene|neueste|letzte|aktuelle|kommentierte|passende)\ (?:artikel
        |beitr[äa]ge|themen|kommentare|meldungen)
      | (?:top-themen|meistgelesen)[^.!?]{0,30} | passend\ (?:zum\ thema|dazu) | schon\ gelesen | lust\ auf\ mehr
      | zum\ weiterlesen | weiterlesen | videos?\ zum\ thema | auch\ auf\ \S{1,30} | entdecken?\ sie\ (?:jetzt|auch)
      | (?:notas|noticias|not[íi]cias|art[íi]culos|articoli|contenidos?|conte[úu]dos?)\ (?:relacionad[oa]s?|correlati)
      | (?:tambi[ée]n\ )?(?:te|le)\ puede\ interesar | (?:lee|lea|vea|mira)\ (?:tambi[ée]n|m[áa]s)
      | m[áa]s\ (?:noticias|sobre\ [^.!?]{1,30})
      | (?:veja|leia)\ (?:tamb[ée]m|mais) | mais\ lidas | leggi\ anche | (?:ti\ )?potrebbe(?:ro)?\ interessar(?:ti|e)
      | (?:zobacz|czytaj|przeczytaj)\ (?:tak[żz]e|te[żz]|r[óo]wnie[żz]|wi[ęe]cej) | lees\ (?:ook|meer|verder)
      | meer\ over\ [^.!?]{1,30}
    )\W*$"""
)
"""A line after which a page leads on to others: `Related articles`, `Mehr zum Thema`."""
CONSENT = re.compile(
    r"""(?ix) ^\W*(?:
      (?:nous\ utilisons|ce\ site\ utilise)\ des\ cookies | (?:we\ use|(?:this|our)\ (?:web)?site\ uses)\ cookies
      | (?:by\ continu|en\ (?:continu|poursuiv))\w+\ .{0,80}\b(?:agree|accept)\w*\ .{0,60}\bcookies\b.{0,160})
    (?:\W*| [^,.]{0,60}\ (?:pour|afin|to|for|on)\b.{0,240}
      | (?=.*(?:accept|consent|poursuiv|continu|accord|param[èe]tr|\b(?:agree|settings)\b)).{0,240})$"""
)
"""A paragraph that asks to be allowed cookies; some articles are about such words."""
PAYWALL = re.compile(
    r"""(?ix) ^\W*(?:
      # French
        (?:l.acc[èe]s\ à\ la\ totalit[ée]\ de\ )?(?:l.|cet\ |la\ suite\ de\ (?:l.|cet\ ))?
        article\ est\ (?:prot[ée]g[ée]|r[ée]serv[ée]e?)\b.{0,160}
      | (?:article|contenu)\ r[ée]serv[ée]\ aux\ abonn[ée]s.{0,120}
      | la\ suite\ est\ r[ée]serv[ée]e\ aux\ abonn[ée]s.{0,120}
      | abonnez-vous\ pour\ (?:lire|continuer|acc[ée]der)\b.{0,120}
      | il\ vous\ reste\ [\d.,]+\s?%\ de\ (?:cet|l.)\ ?article.{0,120}
      | (?:vous\ [êe]tes\ )?(?:d[ée]jà\ )?abonn[ée](?:\(?e\)?)?\s?\?.{0,80}
      | (?:ou\ )?(?:si\ )?vous\ avez\ d[ée]jà\ un\ compte\b.{0,60} | profitez\ de\ notre\ offre\b.{0,60}
      | pour\ lire\ la\ suite\b.{0,100}\b(?:compte|abonne[rz]|inscri)\b.{0,60}
      # English
      | already\ have\ an\ account\b.{0,60}
      | this\ (?:article|story|content|post)\ is\ (?:only\ )?
        (?:for|available\ to|reserved\ for)\ (?:paid\ |paying\ )?(?:subscribers|members)\b.{0,160}
      | (?:already\ )?(?:a\ )?(?:subscriber|member)\?\ (?:log|sign)\ in\b.{0,80}
      | (?:subscribe|sign\ (?:up|in)|log\ in|register)(?:\ (?:now|today|for\ free))?\ to\ (?:continue|keep|read)\b
        .{0,120}
      | you\ have\ (?:\d+|one|no|reached\ your)\b.{0,30}\bfree\ (?:articles?|stories)\b.{0,80}
    )\W*$"""
)
"""A whole paragraph that says that the rest is for those who pay."""
CONTROLS = re.compile(
    r"""(?ix) (?:close|caption|print|e-?mail|log\ ?in|sign\ ?in|share|comments?|newsletters?|up\ next|facebook|twitter
    |whatsapp|google\ news|fermer|l[ée]gende|imprimer|courriel|se\ connecter|r[ée]agir|commentaires?|voir\ plus|suivant
    |pr[ée]c[ée]dent|tags|mots[ -]cl[ée]s|keywords|\d{1,3}\s?min(?:utes?|s)?\.?
    |(?:https?://|www\.)\S+ | \d{4}-\d\d-\d\dT\d\d:\d\d\S{0,20})"""
)
"""What a page's buttons say, and data that stand in it for programs; in a novel, some are words."""
COUNTS = re.compile(r"\s*[♡♥❤👍👏💬🔁⭐★☆][\W\d_]*$")
"""How many like or share a page: a sign, and numbers."""
FOOTER = 40
"""Letters of each part of a line that stands at the foot of pages, parted by bars."""


def is_notice(text: str) -> bool:
    """Return True for page furniture: redirect, cookie and newsletter notices, share bars, `click here`."""
    bare = re.sub(r"[\u00a0\u202f]", " ", text.translate(SIGNS)).strip()
    if not bare:
        return not any(c.isalnum() for c in text)
    parts = re.split(r"\s[|·•∙]\s", bare)
    is_row = len(parts) > 1 and max(map(len, parts)) < FOOTER and any(NOTICES.match(part) for part in parts)
    return bool(is_row or any(known.match(bare) for known in (NOTICES, MORE, CONSENT, PAYWALL)) or COUNTS.match(text))


def is_control(text: str) -> bool:
    """Return True for what a button of a page says, and for an address or a moment as programs write them."""
    return bool(CONTROLS.fullmatch(text.strip()))
