"""What the technicians of the demo company wrote down, in the language that they speak."""

# competence: (title, problem, solution, keywords), in French
FRENCH = {
    "gas": [
        (
            "Chaudière murale en défaut d'allumage",
            "Trois essais d'allumage puis mise en sécurité, voyant rouge.",
            "Nettoyer puis remplacer l'électrode d'allumage, contrôler l'écartement de 4 mm"
            " et le câble haute tension.",
            "allumage électrode sécurité",
        ),
        (
            "Code F28 au démarrage du brûleur",
            "Le code F28 s'affiche plusieurs fois par jour, surtout le matin.",
            "Pression de gaz trop basse à l'entrée : régler le détendeur à 20 mbar, sinon "
            "remplacer le mécanisme gaz.",
            "F28 pression gaz",
        ),
        (
            "Odeur de gaz près de la chaudière",
            "Le client sent le gaz dans la chaufferie.",
            "Couper le gaz, aérer. Resserrer ou remplacer le joint du raccord, puis "
            "contrôle d'étanchéité au mille-bulles.",
            "fuite gaz joint danger",
        ),
        (
            "Flamme jaune et suie sur le brûleur",
            "Flamme jaune, vitre noircie, taux de CO élevé.",
            "Ramoner l'échangeur, nettoyer les injecteurs et régler le mélange air-gaz à "
            "l'analyseur de combustion.",
            "combustion CO suie ramonage",
        ),
        (
            "Ventouse givrée en hiver",
            "La chaudière s'arrête par grand froid, l'arrivée d'air est bouchée par la glace.",
            "Dégager la ventouse et poser le kit antigivre ; vérifier la pente du conduit "
            "vers la chaudière.",
            "ventouse gel condensation",
        ),
        (
            "Ventilateur d'extraction bruyant",
            "Sifflement au démarrage, défaut pressostat fumées.",
            "Remplacer l'extracteur, contrôler le pressostat et ses tubes.",
            "extracteur pressostat bruit",
        ),
    ],
    "heat_pump": [
        (
            "Pompe à chaleur prise dans la glace",
            "L'unité extérieure givre entièrement et ne dégivre plus.",
            "Sonde de dégivrage hors service : la remplacer, puis vérifier la vanne quatre "
            "voies et la charge de fluide.",
            "dégivrage sonde givre",
        ),
        (
            "Haute pression sur la pompe à chaleur",
            "Défaut haute pression en fin de cycle d'eau chaude.",
            "Nettoyer le filtre à tamis et le condenseur, purger l'air, augmenter le débit d'eau.",
            "pression débit filtre",
        ),
        (
            "Compresseur qui ne démarre pas",
            "L'unité ronfle puis disjoncte.",
            "Condensateur de démarrage hors tolérance : remplacer, mesurer les enroulements"
            " du compresseur.",
            "compresseur condensateur",
        ),
        (
            "Appoint électrique toujours en marche",
            "Consommation électrique très élevée, la résistance d'appoint ne s'arrête pas.",
            "Corriger le point de bivalence et la loi d'eau dans le régulateur.",
            "appoint régulation consommation",
        ),
        (
            "Bruit de vibration de l'unité extérieure",
            "Vibrations dans la chambre quand la pompe à chaleur tourne.",
            "Remplacer les silentblocs et désolidariser les tuyauteries du mur.",
            "bruit vibration silentbloc",
        ),
    ],
    "hydraulics": [
        (
            "Fuite sous la chaudière",
            "Flaque d'eau sous l'appareil, la pression baisse de 0,3 bar par jour.",
            "Remplacer la soupape de sécurité et le joint du corps de chauffe.",
            "fuite soupape pression",
        ),
        (
            "Pression qui monte à 3 bars en chauffe",
            "La soupape crache dès que le chauffage fonctionne.",
            "Vase d'expansion dégonflé : regonfler à 1 bar, ou remplacer si la membrane est"
            " percée.",
            "vase expansion pression",
        ),
        (
            "Radiateurs froids à l'étage",
            "Le bas chauffe, l'étage reste froid.",
            "Purger les radiateurs, équilibrer les tés de réglage, vérifier la vitesse du "
            "circulateur.",
            "purge équilibrage radiateur",
        ),
        (
            "Eau rouge et boues dans le circuit",
            "Eau de chauffage noire, radiateurs froids en bas.",
            "Désembouer le circuit à la pompe, poser un pot à boues magnétique et traiter l'eau.",
            "désembouage boue",
        ),
        (
            "Circulateur bloqué après l'été",
            "Pas de chauffage à la remise en route, la pompe ne tourne pas.",
            "Dégripper l'axe du circulateur au tournevis ; remplacer si le moteur est grillé.",
            "circulateur bloqué",
        ),
        (
            "Eau chaude trop froide au robinet",
            "L'eau chaude sanitaire est tiède et le débit faible.",
            "Détartrer l'échangeur à plaques, remplacer le filtre d'entrée et la sonde sanitaire.",
            "tartre échangeur sanitaire",
        ),
    ],
    "filtration": [
        (
            "Pompe de piscine qui perd son amorçage",
            "Bulles dans le refoulement, le préfiltre se vide.",
            "Remplacer le joint du couvercle du préfiltre et resserrer les unions à l'aspiration.",
            "amorçage air joint",
        ),
        (
            "Manomètre du filtre à sable trop haut",
            "Débit faible, pression de 2 bars au filtre.",
            "Contre-lavage de cinq minutes puis rinçage ; changer le sable s'il a plus de "
            "cinq ans.",
            "sable lavage pression",
        ),
        (
            "Sable dans le bassin",
            "Du sable revient par les buses de refoulement.",
            "Crépine cassée au fond du filtre : vider, remplacer les crépines, remettre du sable.",
            "crépine sable",
        ),
        (
            "Vanne six voies qui fuit à l'égout",
            "De l'eau coule à l'égout en position filtration.",
            "Remplacer le joint étoile de la vanne six voies et le graisser au silicone.",
            "vanne joint étoile",
        ),
        (
            "Moteur de pompe qui disjoncte",
            "Le disjoncteur saute au démarrage de la filtration.",
            "Eau dans le moteur : remplacer la garniture mécanique et le condensateur.",
            "disjoncteur garniture moteur",
        ),
    ],
    "chemistry": [
        (
            "Eau verte au retour de vacances",
            "Le bassin est vert, les parois glissent.",
            "Choc au chlore, pH à 7,2, filtrer 48 heures, puis floculer et aspirer à l'égout.",
            "algues chlore choc",
        ),
        (
            "Électrolyseur : défaut manque de sel",
            "Le coffret affiche manque de sel, la production est nulle.",
            "Mesurer 4 g/l, détartrer la cellule à l'acide dilué et vérifier le détecteur "
            "de débit.",
            "sel électrolyse cellule",
        ),
        (
            "pH instable malgré la pompe doseuse",
            "Le pH remonte chaque jour au-dessus de 7,8.",
            "Étalonner la sonde pH, remplacer le tube péristaltique, relever le TAC à 100 mg/l.",
            "pH sonde doseuse TAC",
        ),
    ],
    "cover": [
        (
            "Volet roulant arrêté à mi-course",
            "Le volet de piscine s'arrête toujours au même endroit.",
            "Refaire le réglage des fins de course, contrôler l'axe et les lames déformées.",
            "volet fin de course",
        ),
        (
            "Volet de piscine sans réaction à la clé",
            "Rien ne se passe avec la commande à clé.",
            "Remplacer le fusible du coffret et contrôler l'alimentation 24 volts du moteur.",
            "fusible moteur commande",
        ),
    ],
    "electricity": [
        (
            "Thermostat d'ambiance muet",
            "Écran noir, la chaudière ne reçoit plus la demande.",
            "Remplacer les piles, refaire l'appairage radio avec le récepteur.",
            "thermostat radio piles",
        ),
        (
            "Carte de régulation sans affichage",
            "Plus rien à l'écran après un orage.",
            "Fusible grillé par la surtension ; remplacer la carte si le transformateur est"
            " ouvert, poser un parafoudre.",
            "carte orage fusible",
        ),
        (
            "Différentiel 30 mA qui déclenche la nuit",
            "Le différentiel saute pendant le cycle antilégionelle.",
            "Résistance du ballon en défaut d'isolement : mesurer puis remplacer la résistance.",
            "différentiel résistance isolement",
        ),
    ],
}

# competence: (title, problem, solution, keywords), in English
ENGLISH = {
    "gas": [
        (
            "Burner locks out after three attempts",
            "The boiler tries to ignite three times and then locks out.",
            "Clean the ignition electrode and the flame sensor, check the earth connection "
            "of the burner.",
            "ignition lockout electrode",
        ),
        (
            "Carbon monoxide alarm in the boiler room",
            "The alarm rings while the boiler is running.",
            "Shut down, ventilate. Sweep the flue, replace the burner seal, measure "
            "combustion before restarting.",
            "CO flue danger",
        ),
        (
            "Boiler short cycling",
            "The burner starts and stops every two minutes.",
            "Lower the maximum output and widen the hysteresis of the controller; check the"
            " flow rate.",
            "cycling controller",
        ),
        (
            "Condensate pipe frozen",
            "Gurgling noise and error code EA on a cold morning.",
            "Thaw the condensate pipe, insulate it and increase its diameter outside.",
            "condensate frost",
        ),
    ],
    "heat_pump": [
        (
            "Heat pump does not defrost",
            "Thick ice on the outdoor unit, low output.",
            "Replace the defrost sensor and clean the evaporator; check the refrigerant charge.",
            "defrost ice sensor",
        ),
        (
            "Low pressure fault on a cold day",
            "Low pressure switch trips below minus five degrees.",
            "Expansion valve stuck: replace the coil of the electronic expansion valve.",
            "expansion valve pressure",
        ),
        (
            "Noisy fan on the outdoor unit",
            "Rattling noise when the fan starts.",
            "Tighten the fan blade, replace the worn bearing of the motor.",
            "fan bearing noise",
        ),
        (
            "Water flow alarm",
            "Flow switch alarm after filling the system.",
            "Vent the air, clean the strainer, check the rotation of the circulation pump.",
            "flow strainer pump",
        ),
    ],
    "hydraulics": [
        (
            "Pressure drops overnight",
            "The system has to be refilled every morning.",
            "Find the leak with dye; often the safety valve seat: replace it.",
            "leak pressure valve",
        ),
        (
            "No hot water but heating works",
            "Radiators are warm, the tap stays cold.",
            "Diverter valve stuck in heating position: replace the motor of the three-way valve.",
            "diverter hot water",
        ),
        (
            "Hammering in the pipes",
            "Loud bangs when a tap closes.",
            "Install a water hammer arrester and fix the loose pipe clamps.",
            "noise pipes",
        ),
        (
            "Underfloor loop stays cold",
            "One room does not get warm.",
            "Flush and vent the loop, replace the actuator on the manifold.",
            "underfloor actuator",
        ),
    ],
    "filtration": [
        (
            "Pool pump does not prime",
            "Air bubbles in the strainer basket.",
            "Replace the lid gasket and seal the suction union with tape.",
            "prime gasket air",
        ),
        (
            "Cloudy pool water after backwash",
            "The water is cloudy although the filter runs all day.",
            "Rinse after each backwash; replace channelled sand by filter glass.",
            "sand backwash",
        ),
        (
            "Pump motor hums but does not turn",
            "Humming motor, breaker trips after a minute.",
            "Replace the start capacitor; free the impeller from debris.",
            "capacitor impeller",
        ),
    ],
    "chemistry": [
        (
            "Salt chlorinator shows low production",
            "Low chlorine although the cell runs.",
            "Descale the cell in diluted acid, bring salt to four grams per litre, check "
            "the polarity.",
            "salt cell chlorine",
        ),
        (
            "Strong chlorine smell",
            "Swimmers complain about red eyes and smell.",
            "Combined chlorine too high: shock the pool and renew part of the water.",
            "chloramine shock",
        ),
    ],
    "cover": [
        (
            "Pool cover stops halfway",
            "The slatted cover stops at the same spot.",
            "Reset the limit switches of the motor and replace the broken slat.",
            "cover limit switch",
        ),
    ],
    "electricity": [
        (
            "Display dark after a thunderstorm",
            "The control board is dead since the storm.",
            "Replace the fuse and the control board, add surge protection.",
            "board fuse surge",
        ),
        (
            "Residual current device trips at random",
            "The breaker trips when the immersion heater starts.",
            "Insulation fault of the immersion heater: measure and replace it.",
            "breaker insulation",
        ),
    ],
}
